/** Who is on watch where: asked again and again while somebody is signed in. */

import { ask, Refused } from './api'
import { inOrder } from './inorder'
import type { Board, WatchView } from './types'

const EVERY_MS = 5000
const newest = inOrder()

let current = $state.raw<Board | null>(null)
/** Ends with the officer for whom is asked: what comes after that is for nobody. */
let stop = new AbortController()

export function board(): Board | null {
  return current
}

/** Who is on watch at a member, if anybody is now and she is told. */
export function onWatch(member: string): WatchView | undefined {
  return current?.watches.find((one) => one.member === member && !one.over)
}

/** Look now: something was said. */
export async function lookAtBoard(): Promise<void> {
  const { signal } = stop
  try {
    const told = await newest(ask('get', '/api/duty', { background: true, signal }))
    if (told !== null && !signal.aborted) current = told
  } catch (error) {
    if (!signal.aborted && !(error instanceof Refused)) throw error
  }
}

/** Keep asking until the result is called; then it is forgotten, for the next officer may be told less. */
export function watchBoard(): () => void {
  const mine = (stop = new AbortController())
  void lookAtBoard()
  const timer = setInterval(() => void lookAtBoard(), EVERY_MS)
  return () => {
    clearInterval(timer)
    mine.abort()
    current = null
  }
}
