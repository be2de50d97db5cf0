/** One stream of news for the whole page: whoever shows something listens, and none opens a way of its own.
 *
 * A browser keeps six ways open to one node, over all its tabs; each list and panel with a stream would use them up.
 */

import { ask, Refused } from './api'
import { hear, type Alarm, type News } from './events'

const listeners = new Set<(news: News) => void>()
const alarmed = new Set<(alarm: Alarm) => void>()
let begun: Promise<() => void> | null = null

/** Hear of news from now on; `ready` is when nothing that comes later can be missed. Call `stop` when she leaves. */
export function listen(told: (news: News) => void): { ready: Promise<void>; stop: () => void } {
  return join(listeners, told)
}

/** Hear of warnings from now on, as `listen` of news. */
export function listenForAlarms(told: (alarm: Alarm) => void): { ready: Promise<void>; stop: () => void } {
  return join(alarmed, told)
}

function join<T>(
  all: Set<(one: T) => void>,
  told: (one: T) => void,
): { ready: Promise<void>; stop: () => void } {
  all.add(told)
  begun ??= begin()
  return { ready: begun.then(() => {}), stop: () => leave(all, told) }
}

/** The cursor of the newest item is asked for first, so that nothing comes between a list and the stream. */
async function begin(): Promise<() => void> {
  let head = ''
  try {
    head =
      (await ask('get', '/api/items', { query: { newest: true, limit: 1 }, background: true })).head ?? ''
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  return hear(head, tell(listeners), tell(alarmed))
}

function tell<T>(all: Set<(one: T) => void>): (one: T) => void {
  return (one) => {
    for (const told of [...all]) told(one)
  }
}

function leave<T>(all: Set<(one: T) => void>, told: (one: T) => void): void {
  all.delete(told)
  const ending = begun
  if (listeners.size + alarmed.size > 0 || ending === null) return
  begun = null
  void ending.then((stop) => stop())
}
