/** Requests as the node lists them: the tabs of the page. */

import { ask } from '../../lib/api'
import { Newest } from '../../lib/newest.svelte'
import { ofRequests } from '../../lib/toanswer.svelte'
import type { RequestRow } from '../../lib/types'

export const TABS = ['mine', 'open', 'overdue', 'done', 'all'] as const
export type Which = (typeof TABS)[number]

/** The requests of a tab. */
export function listOf(which: Which): Newest<RequestRow> {
  return new Newest<RequestRow>(
    (page) => ask('get', '/api/requests', { query: { which, ...page }, background: true }),
    ofRequests,
  )
}
