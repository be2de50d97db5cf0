/** Proposals as the node lists them: the tabs of the page. */

import { ofActions } from '../../lib/acting'
import { ask } from '../../lib/api'
import { Newest } from '../../lib/newest.svelte'
import type { ActionRow } from '../../lib/types'

export const TABS = ['waiting', 'open', 'running', 'done', 'all'] as const
export type Which = (typeof TABS)[number]

/** The proposals of a tab. */
export function listOf(which: Which): Newest<ActionRow> {
  return new Newest<ActionRow>(
    (page) => ask('get', '/api/actions', { query: { which, ...page }, background: true }),
    ofActions,
  )
}
