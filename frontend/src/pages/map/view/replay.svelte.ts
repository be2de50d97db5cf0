/** What is past, as the address says it: from which moment on, and how fast it passes; and how far back one may go. */

import { Refused, ask as tell } from '../../../lib/api'
import { ask, asked } from '../../../lib/router.svelte'
import { nodeTime } from '../../../lib/status.svelte'

export const SPEEDS = [1, 2, 5, 10, 30, 60] as const
/** A moment in milliseconds, and how many times as fast as it was; 0 where it stands. */
export type Back = { at: number; speed: number }

const BEGIN_MS = 60_000
const DAY_MS = 86_400_000
/** How near to now a replay is over. */
const OVER_MS = 1000

let chosen = $state(1)
let kept = $state(DAY_MS)

/** Return what of the past the address asks for; null for now. */
export function back(): Back | null {
  const at = Date.parse(asked()['then'] ?? '')
  if (Number.isNaN(at)) return null
  const speed = Number(asked()['pace'] ?? '1')
  return { at, speed: speed === 0 ? 0 : (SPEEDS.find((one) => one === speed) ?? 1) }
}

/** The speed at which it goes on when it stands. */
export function pace(): number {
  return back()?.speed || chosen
}

/** The earliest moment that can be asked for. */
export function earliest(): number {
  return nodeTime() - kept
}

/** Learn from the node how far back it goes. */
export async function learnSpan(): Promise<void> {
  try {
    const span = await tell('get', '/api/picture/past', { background: true })
    kept = Date.parse(span.until) - Date.parse(span.since)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
}

/** Show what was a minute ago. */
export function begin(): void {
  show(nodeTime() - BEGIN_MS, chosen)
}

/** Show a moment, within what is kept and has been. */
export function show(at: number, speed: number): void {
  if (speed !== 0) chosen = speed
  const within = Math.min(nodeTime() - OVER_MS, Math.max(earliest(), at))
  ask({ then: new Date(Math.round(within)).toISOString(), pace: String(speed) })
}

export function toNow(): void {
  ask({ then: '', pace: '' })
}

/** Whether what was has come up with what is. */
export function over(at: number): boolean {
  return at >= nodeTime() - OVER_MS
}
