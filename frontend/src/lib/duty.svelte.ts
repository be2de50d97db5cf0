/** Who is on watch where: asked again and again while somebody is signed in. */

import { ask, Refused } from './api'
import type { Board, WatchView } from './types'

const EVERY_MS = 5000

let current = $state.raw<Board | null>(null)

export function board(): Board | null {
  return current
}

/** Who is on watch at a member, if anybody is now and she is told. */
export function onWatch(member: string): WatchView | undefined {
  return current?.watches.find((one) => one.member === member && !one.over)
}

/** Look now: something was said. */
export async function lookAtBoard(): Promise<void> {
  try {
    current = await ask('get', '/api/duty', { background: true })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
}

/** Keep asking until the result is called; then it is forgotten, for the next officer may be told less. */
export function watchBoard(): () => void {
  void lookAtBoard()
  const timer = setInterval(() => void lookAtBoard(), EVERY_MS)
  return () => {
    clearInterval(timer)
    current = null
  }
}
