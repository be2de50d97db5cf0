/** How far each conversation was read at this browser: references and times, nothing that an item says. */

import { session } from './session.svelte'

const MOST = 500
const KEPT = 'quartet.read.'

let owner = ''
let read: Record<string, string> = {}
/** Counts what was noted, so that whoever shows a mark looks again. */
let noted = $state(0)

/** Whether something was said since she looked. */
export function unread(ref: string, spoken: string | null | undefined): boolean {
  return noted >= 0 && spoken != null && spoken > (mine()[ref] ?? '')
}

/** Note that she saw a conversation up to its newest message. */
export function saw(ref: string, spoken: string): void {
  if (!unread(ref, spoken)) return
  const kept = Object.entries({ ...mine(), [ref]: spoken })
    .sort(([, a], [, b]) => (a < b ? 1 : -1))
    .slice(0, MOST)
  read = Object.fromEntries(kept)
  noted += 1
  localStorage.setItem(KEPT + owner, JSON.stringify(read))
}

function mine(): Record<string, string> {
  const officer = session()?.officer ?? ''
  if (officer !== owner) {
    owner = officer
    read = JSON.parse(localStorage.getItem(KEPT + owner) ?? '{}') as Record<string, string>
  }
  return read
}
