/** Hear what is new from the node, as it comes; a broken stream resumes after the last event that was heard. */

import type { Row } from './types'

export type News = { seq: string; kind: string; ref?: string | null; row?: Row | null }

/** Hear of new items after a cursor, and of a gap where the node was restored; call the result to hear no more. */
export function hear(since: string, told: (news: News) => void): () => void {
  const stream = new EventSource(`/api/events?since=${encodeURIComponent(since)}`)
  stream.addEventListener('item', (event: MessageEvent<string>) => told(JSON.parse(event.data) as News))
  stream.addEventListener('gap', () => told({ seq: '', kind: 'gap' }))
  return () => stream.close()
}
