/** How the node is: links, logs, alarms. Asked again and again while somebody is signed in. */

import { ask, Refused } from './api'
import type { Status } from './types'

const EVERY_MS = 4000

let current = $state<Status | null>(null)
let answering = $state(true)

export function status(): Status | null {
  return current
}

/** Whether the node answered when it was last asked. */
export function answers(): boolean {
  return answering
}

/** Keep asking until the result is called. */
export function watchStatus(): () => void {
  void look()
  const timer = setInterval(look, EVERY_MS)
  return () => clearInterval(timer)
}

async function look(): Promise<void> {
  try {
    current = await ask('get', '/api/status', { background: true })
    answering = true
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    answering = error.status !== 0
  }
}
