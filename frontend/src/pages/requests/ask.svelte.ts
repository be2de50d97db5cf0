/** The question that an officer writes: it stays while she looks at another page, and goes once under a word of its own. */

import { ask } from '../../lib/api'
import { onceWord } from '../../lib/once'
import { namesIn } from '../../lib/typed'
import type { Draft } from '../../lib/types'

type Writing = {
  of: string[]
  /** Whether the chair is to put it to those, without saying who asks. */
  through: boolean
  tlp: Draft['tlp'] | ''
  persons: string
  precedence: NonNullable<Draft['precedence']>
  title: string
  text: string
  purposes: string[]
}

const EMPTY: Writing = {
  of: [],
  through: false,
  tlp: '',
  persons: '',
  precedence: 'ROUTINE',
  title: '',
  text: '',
  purposes: [],
}

export const writing = $state<Writing>(structuredClone(EMPTY))

let owner = ''
let word = onceWord()

/** Say whose question it is: what another officer left on this page is not hers. */
export function belongs(officer: string): void {
  if (officer !== owner) clear()
  owner = officer
}

/** Begin anew. */
export function clear(): void {
  Object.assign(writing, structuredClone(EMPTY))
  word = onceWord()
}

/** The question as the node takes it; null while it has no marking, asks nobody or says nothing.
 *
 * What goes through the chair goes to the chair's member alone.
 */
export function asDraft(chair: string | null): Draft | null {
  const { tlp, title, text, through, precedence } = writing
  const of = through ? (chair === null ? [] : [chair]) : writing.of
  if (tlp === '' || of.length === 0 || title.trim() === '' || text.trim() === '') return null
  const persons = namesIn(writing.persons)
  return {
    kind: 'request',
    tlp,
    title: title.trim(),
    text,
    to: [...of],
    persons: tlp === 'RED' ? persons : [],
    precedence,
    purposes: [...writing.purposes],
    form: { asked: [...of], precedence, ...(through ? { broker: true, among: [...writing.of] } : {}) },
  }
}

/** Send it under its word, and return its reference; throws `Refused`. Sent again under that word, it goes once. */
export async function sendOnce(draft: Draft): Promise<string> {
  const { ref } = await ask('post', '/api/items', { body: { ...draft, once: word } })
  clear()
  return ref
}
