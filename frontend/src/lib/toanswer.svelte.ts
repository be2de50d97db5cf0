/** How many requests wait for an answer of this member, counted anew when the stream tells of what may change that. */

import { ask, Refused } from './api'
import type { News } from './events'
import { inOrder } from './inorder'
import { listen } from './live'

const MOST = 50
/** How long what comes together is waited for. */
const TOGETHER_MS = 200
const KINDS = new Set(['request', 'reply', 'request-closed'])

const newest = inOrder()

let waiting = $state('')

/** The number, `50+` from there on; empty where nothing waits. */
export function toAnswer(): string {
  return waiting
}

/** Whether news may change how a request stands; a recall and a gap may change all. */
export function ofRequests(news: News): boolean {
  return news.kind !== 'item' || KINDS.has(news.row?.kind ?? '')
}

/** Keep counting until the result is called; then it is forgotten, for the next officer may be told less. */
export function watchToAnswer(): () => void {
  let timer = 0
  const stop = new AbortController()
  const news = listen((one) => {
    if (!ofRequests(one)) return
    clearTimeout(timer)
    timer = window.setTimeout(() => void count(stop.signal), TOGETHER_MS)
  })
  void news.ready.then(() => count(stop.signal))
  return () => {
    clearTimeout(timer)
    stop.abort()
    news.stop()
    waiting = ''
  }
}

async function count(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  try {
    const query = { which: 'mine', limit: MOST } as const
    const page = await newest(ask('get', '/api/requests', { query, background: true, signal }))
    if (page === null || signal.aborted) return
    waiting = page.items.length ? `${page.items.length}${page.next ? '+' : ''}` : ''
  } catch (error) {
    if (!signal.aborted && !(error instanceof Refused)) throw error
  }
}
