/** What is being written. It lives as long as the page: going to the inbox and back, or a node that fell, loses nothing;
 * it is kept in no storage of the browser. */

import type { Draft } from '../../lib/types'
import { dropAll, files } from './files.svelte'

type Writing = {
  title: string
  text: string
  tlp: Draft['tlp'] | ''
  to: string[]
  persons: string
  precedence: NonNullable<Draft['precedence']>
  onward: NonNullable<Draft['onward']>
  mode: NonNullable<Draft['mode']>
  exercise: boolean
}

const EMPTY: Writing = {
  title: '',
  text: '',
  tlp: '',
  to: [],
  persons: '',
  precedence: 'ROUTINE',
  onward: 'ASK',
  mode: 'RELEASE',
  exercise: false,
}

export const writing = $state<Writing>(structuredClone(EMPTY))

let owner = ''

/** Say whose draft it is: what another officer left on this page is not hers. */
export function belongs(officer: string): void {
  if (officer !== owner) clear()
  owner = officer
}

/** Begin anew. */
export function clear(): void {
  dropAll()
  Object.assign(writing, structuredClone(EMPTY))
}

/** Whether something would be lost. */
export function begun(): boolean {
  return writing.title.trim() !== '' || writing.text.trim() !== '' || files().length > 0
}

/** The draft as the node takes it; null while it has no marking, which is never chosen for her, or nothing to say. */
export function asDraft(): Draft | null {
  const attachments = files()
    .filter((one) => one.state === 'ready')
    .map((one) => one.named())
  const says = writing.text.trim() !== '' || attachments.length > 0
  if (writing.tlp === '' || writing.title.trim() === '' || !says) return null
  const persons = writing.persons.split(/[\s,،;]+/).filter((name) => name !== '')
  return {
    tlp: writing.tlp,
    title: writing.title.trim(),
    text: writing.text,
    to: [...writing.to],
    kind: 'report',
    precedence: writing.precedence,
    onward: writing.onward,
    mode: writing.mode,
    caveats: writing.exercise ? ['EXERCISE'] : [],
    persons: writing.tlp === 'RED' ? persons : [],
    attachments,
  }
}
