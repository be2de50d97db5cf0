/** Hear what is new from the node, as it comes; a broken stream resumes after the last event that was heard. */

import type { Row, WarningRow } from './types'

export type News = {
  seq: string
  /** After `rights` she may see something else: what she sees is read anew. */
  kind: 'item' | 'recall' | 'change' | 'gap' | 'rights'
  row?: Row | null
  /** Of a recall, and of a narrowing or correction: what it touches, and the rows that she still sees of it. */
  refs?: readonly string[]
  rows?: readonly Row[]
}

/** A warning that came, which overtakes all news; without a row, or as the way opens: list them anew. */
export type Alarm = { row?: WarningRow | null }

const AGAIN_MS = 3000

/** Hear of new items and of recalls after a cursor, and of a gap where the node was restored; call the result to end.
 *
 * The browser itself resumes where the way broke; where the node refused for a while, we ask again.
 */
export function hear(since: string, told: (news: News) => void, alarmed: (alarm: Alarm) => void): () => void {
  let last = since
  let timer = 0
  let stream = open()

  function open(): EventSource {
    const opened = new EventSource(`/api/events?since=${encodeURIComponent(last)}`)
    const take = (event: MessageEvent<string>): void => {
      const news = JSON.parse(event.data) as News
      last = news.seq || last
      told(news)
    }
    for (const kind of ['item', 'recall', 'change', 'gap', 'rights']) opened.addEventListener(kind, take)
    opened.addEventListener('open', () => alarmed({}))
    opened.addEventListener('warning', (event: MessageEvent<string>) =>
      alarmed(JSON.parse(event.data) as Alarm),
    )
    opened.addEventListener('error', () => {
      if (opened.readyState === EventSource.CLOSED)
        timer = window.setTimeout(() => (stream = open()), AGAIN_MS)
    })
    return opened
  }

  return () => {
    clearTimeout(timer)
    stream.close()
  }
}
