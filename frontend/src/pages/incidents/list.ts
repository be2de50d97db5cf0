/** Incidents as the node lists them: the tabs of the page. */

import { ask } from '../../lib/api'
import { Newest } from '../../lib/newest.svelte'
import type { IncidentRow } from '../../lib/types'

export const TABS = ['open', 'closed', 'all'] as const
export type Which = (typeof TABS)[number]

/** The incidents of a tab; whatever comes may move them. */
export function listOf(which: Which): Newest<IncidentRow> {
  return new Newest<IncidentRow>(
    (page) => ask('get', '/api/incidents', { query: { which, ...page }, background: true }),
    () => true,
  )
}
