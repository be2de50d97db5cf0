/** How the node is: links, logs, alarms. Asked again and again while somebody is signed in. */

import { ask, Refused } from './api'
import { inOrder } from './inorder'
import type { Status } from './types'

const EVERY_MS = 4000
const newest = inOrder()

let current = $state<Status | null>(null)
let ahead = 0
let answering = $state(true)
let answered = $state(new Date())

export function status(): Status | null {
  return current
}

/** Whether the node answered when it was last asked. */
export function answers(): boolean {
  return answering
}

/** What time it is at the node: what closes there closes by its clock, not by this machine's. */
export function nodeTime(): number {
  return Date.now() + ahead
}

/** When it last answered. */
export function lastAnswer(): Date {
  return answered
}

/** Keep asking until the result is called; then it is forgotten, for the next officer may be told less. */
export function watchStatus(): () => void {
  const stop = new AbortController()
  void look(stop.signal)
  const timer = setInterval(() => void look(stop.signal), EVERY_MS)
  return () => {
    clearInterval(timer)
    stop.abort()
    current = null
  }
}

async function look(signal: AbortSignal): Promise<void> {
  try {
    const told = await newest(ask('get', '/api/status', { background: true, signal }))
    if (told === null || signal.aborted) return
    current = told
    ahead = Date.parse(told.at) - Date.now()
    answering = true
    answered = new Date()
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof Refused)) throw error
    answering = error.status !== 0
    if (answering) answered = new Date()
  }
}
