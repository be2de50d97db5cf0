/** Situation reports as the node lists them: the tabs of the page. */

import { ask } from '../../lib/api'
import type { News } from '../../lib/events'
import { Newest } from '../../lib/newest.svelte'
import type { SituationRow } from '../../lib/types'

export const TABS = ['all', 'mine', 'withdrawn'] as const
export type Which = (typeof TABS)[number]

/** Whether news may change which reports there are, or whether what they rest on stands: a recall and a gap may. */
export function ofReports(news: News): boolean {
  return news.kind !== 'item' || news.row?.kind === 'sitrep'
}

/** The reports of a tab. */
export function listOf(which: Which): Newest<SituationRow> {
  return new Newest<SituationRow>(
    (page) => ask('get', '/api/sitreps', { query: { which, ...page }, background: true }),
    ofReports,
  )
}
