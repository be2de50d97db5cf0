/** The question that an officer writes: it stays while she looks at another page, and goes once under a word of its own. */

import { ask } from '../../lib/api'
import { stateAsChair } from '../../lib/facts'
import { onceWord } from '../../lib/once'
import { session } from '../../lib/session.svelte'
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

/** Send it under its word, and return its reference; throws `Refused`. Sent again under that word, it goes once.
 *
 * Who presides asks as the chair, and asserts that with her own key; nothing comes back where she did not prove herself.
 */
export async function sendOnce(draft: Draft): Promise<string> {
  if (session()?.roles?.includes('chair')) return asChair(draft)
  const { ref } = await ask('post', '/api/items', { body: { ...draft, once: word } })
  clear()
  return ref
}

async function asChair(draft: Draft): Promise<string> {
  let id = ''
  const went = await stateAsChair(async () => {
    const prepared = await ask('post', '/api/items/prepared', { body: draft })
    id = prepared.id
    return prepared
  })
  if (!went) return ''
  clear()
  return id
}
