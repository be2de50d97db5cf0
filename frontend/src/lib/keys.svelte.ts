/** Keys that do things. A page binds its own while it is shown; nothing is bound while somebody types. */

import { untrack } from 'svelte'
import type { Message } from './i18n.svelte'

export type Binding = { keys: string; does: Message; run: () => void }

const CHORD_MS = 1200

let bound = $state.raw<readonly Binding[]>([])
let begun = ''
let timer = 0

/** Bind some keys; call the result to let them go. `g i` is g, then i. An effect that binds runs again for no other's keys. */
export function bind(...bindings: Binding[]): () => void {
  bound = [...untrack(() => bound), ...bindings]
  return () => (bound = untrack(() => bound).filter((one) => !bindings.includes(one)))
}

export function bindings(): readonly Binding[] {
  return bound
}

/** How a key is pressed: a capital with Shift, so that nobody tries the small letter in an alarm. */
export function asPressed(keys: string): string {
  return /^[A-Z]$/.test(keys) ? `Shift+${keys}` : keys
}

/** Take a key that was pressed anywhere on the page; while a question is open, the page below it has none. */
export function pressed(event: KeyboardEvent): void {
  if (document.querySelector('dialog[open]')) return
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (typing(event.target) && event.key !== 'Escape') return
  if (event.key === 'Enter' && acts(event.target)) return
  const key = begun ? `${begun} ${event.key}` : event.key
  begun = ''
  clearTimeout(timer)
  const found = bound.findLast((one) => one.keys === key)
  if (found) {
    event.preventDefault()
    found.run()
  } else if (bound.some((one) => one.keys.startsWith(`${key} `))) {
    begun = key
    timer = window.setTimeout(() => (begun = ''), CHORD_MS)
  }
}

/** What Enter itself presses or follows. */
function acts(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, summary') !== null
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName)
}
