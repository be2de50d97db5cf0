/** The handovers that nobody answered in time, here or there: each alarms both desks, wherever their officers are. */

import { again } from './again'
import { ask, Refused } from './api'
import { compare } from './compare'
import { inOrder } from './inorder'
import { listen } from './live'
import type { OfferView } from './types'

const EVERY_MS = 4000
const TOGETHER_MS = 100
/** What may answer one. A recall, and all else that is no item, may change any. */
const KINDS = new Set(['track-offer', 'track-answer', 'identification'])
const newest = inOrder()

let current = $state.raw<readonly OfferView[]>([])

/** What is real before an exercise's, and what crosses first before what crosses later. */
export function unanswered(): readonly OfferView[] {
  return [...current].sort((a, b) => compare(placeOf(a), placeOf(b)))
}

function placeOf(one: OfferView): readonly number[] {
  return [Number(one.exercise ?? false), Date.parse(one.crosses_at)]
}

/** Keep asking until the result is called; then it is forgotten, for the next officer may be told less. */
export function watchHandovers(): () => void {
  let timer = 0
  const stop = new AbortController()
  const news = listen((one) => {
    if (one.kind === 'item' && !KINDS.has(one.row?.kind ?? '')) return
    clearTimeout(timer)
    timer = window.setTimeout(() => void look(stop.signal), TOGETHER_MS)
  })
  const end = again(() => void look(stop.signal), EVERY_MS)
  return () => {
    clearTimeout(timer)
    end()
    stop.abort()
    news.stop()
    current = []
  }
}

async function look(signal: AbortSignal): Promise<void> {
  try {
    const told = await newest(ask('get', '/api/offers/unanswered', { background: true, signal }))
    if (told !== null && !signal.aborted) current = told
  } catch (error) {
    if (!signal.aborted && !(error instanceof Refused)) throw error
  }
}
