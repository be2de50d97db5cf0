/** Ask the node again where it only asks for patience: after the pause that it names, until told to stop. */

import { Refused } from './api'

const AGAIN_MS = 2000
/** What is asked too fast, and no more than that. */
export const BUSY: ReadonlySet<string> = new Set(['too-many-requests'])

/** What is waited out, and who hears of it: the reason of each pause, and null at its end. */
export type Patience = { reasons: ReadonlySet<string>; waiting: (reason: string | null) => void }

/** Do it, as often as it takes; throws `Refused` for what no patience mends, and an AbortError once stopped. */
export async function patiently<T>(
  work: () => Promise<T>,
  { reasons, waiting }: Patience,
  stop: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      const done = await work()
      waiting(null)
      return done
    } catch (error) {
      if (!(error instanceof Refused) || !reasons.has(error.reason)) throw error
      stop.throwIfAborted() // a stop of before this moment is told to nobody who listens from now on
      waiting(error.reason)
      await pause(error.wait * 1000 || AGAIN_MS, stop)
    }
  }
}

/** Do what the node does few times a minute once it is her turn: a button says meanwhile that it looks. */
export function inTurn<T>(work: () => Promise<T>, stop: AbortSignal): Promise<T> {
  return patiently(work, { reasons: BUSY, waiting: () => {} }, stop)
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      reject(stop.reason as Error)
    }
    const timer = setTimeout(() => {
      stop.removeEventListener('abort', end)
      resolve()
    }, ms)
    stop.addEventListener('abort', end, { once: true })
  })
}
