/** Which news may change how a joint action, the chair or a communiqué stands. */

import type { News } from './events'

const OTHERS = new Set([
  'report',
  'message',
  'feed',
  'duty',
  'handover',
  'roster',
  'request',
  'reply',
  'request-closed',
])

/** Whether news may; a recall and a gap may change all. */
export function ofActions(news: News): boolean {
  return news.kind !== 'item' || !OTHERS.has(news.row?.kind ?? '')
}
