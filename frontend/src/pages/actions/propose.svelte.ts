/** The proposal that an officer writes: it stays while she looks at another page, and goes once under its own word. */

import { ask } from '../../lib/api'
import { onceWord } from '../../lib/once'
import { namesIn } from '../../lib/typed'
import type { ActionView, Draft } from '../../lib/types'
import { utcOf, utcText } from '../../lib/utc'

export type Part = 'participants' | 'hosts' | 'observers'
type Writing = {
  aim: string
  text: string
  legal_basis: string
  area: string
  needs: string
  risks: string
  stop_conditions: string
  begins: string
  ends: string
  hours: number
  emergency: boolean
  participants: string[]
  hosts: string[]
  observers: string[]
  rule: 'SELF' | 'CONSENSUS'
  tlp: Draft['tlp'] | ''
  persons: string
  /** The version whose place it takes, and the items that it keeps clear of. */
  previous: string | null
  no_go: string[]
}

export const HOURS = [24, 48, 72, 168] as const
/** In an emergency, which the proposal says. */
export const SOON = [2, 6, 12, 24] as const
const MINUTE_MS = 60_000

const EMPTY: Writing = {
  aim: '',
  text: '',
  legal_basis: '',
  area: '',
  needs: '',
  risks: '',
  stop_conditions: '',
  begins: '',
  ends: '',
  hours: 24,
  emergency: false,
  participants: [],
  hosts: [],
  observers: [],
  rule: 'SELF',
  tlp: '',
  persons: '',
  previous: null,
  no_go: [],
}

export const writing = $state<Writing>(structuredClone(EMPTY))

let owner = ''
let word = onceWord()

/** Say whose proposal it is, and of which version: what another left on this page is not hers. */
export function belongs(officer: string, previous: string | null): void {
  if (officer !== owner || previous !== writing.previous) clear()
  owner = officer
  writing.previous = previous
}

/** Begin anew. */
export function clear(): void {
  Object.assign(writing, structuredClone(EMPTY))
  word = onceWord()
}

/** Take the terms of a version, for the one that takes its place. */
export function takes(old: ActionView): void {
  const { row } = old
  Object.assign(writing, {
    aim: row.aim,
    text: old.text,
    legal_basis: old.legal_basis,
    area: old.area,
    needs: old.needs,
    risks: old.risks,
    stop_conditions: old.stop_conditions,
    begins: utcText(new Date(row.begins)),
    ends: utcText(new Date(row.ends)),
    emergency: row.emergency,
    participants: [...row.participants],
    hosts: [...row.hosts],
    observers: [...old.observers],
    rule: row.rule as Writing['rule'],
    tlp: row.tlp as Draft['tlp'],
    no_go: [...old.no_go],
  })
}

/** Until when members may decide: a minute more than she gives them, for it is signed a moment later. */
export function decideBy(now: number): number {
  return (Math.floor(now / MINUTE_MS) + 2) * MINUTE_MS + writing.hours * 60 * MINUTE_MS
}

/** Whether what she wrote of times can be: null while she has not said both. */
export function inOrder(now: number): boolean | null {
  const [begins, ends] = [utcOf(writing.begins), utcOf(writing.ends)]
  if (Number.isNaN(begins) || Number.isNaN(ends)) return null
  return decideBy(now) <= begins && begins < ends
}

/** The proposal as the node takes it; null while something is missing. */
export function asDraft(me: string, now: number): Draft | null {
  const { tlp, participants, hosts, observers } = writing
  const said = [writing.aim, writing.legal_basis, writing.area]
  if (tlp === '' || participants.length === 0 || said.some((one) => one.trim() === '')) return null
  if (inOrder(now) !== true) return null
  const persons = namesIn(writing.persons)
  return {
    kind: 'proposal',
    tlp,
    title: writing.aim.trim(),
    text: writing.text,
    to: [...new Set([...participants, ...hosts, ...observers])].filter((member) => member !== me),
    persons: tlp === 'RED' ? persons : [],
    form: {
      aim: writing.aim.trim(),
      legal_basis: writing.legal_basis.trim(),
      area: writing.area.trim(),
      begins: utcOf(writing.begins) * 1000,
      ends: utcOf(writing.ends) * 1000,
      participants: [...participants],
      hosts: [...hosts],
      observers: [...observers],
      rule: writing.rule,
      decide_by: decideBy(now) * 1000,
      needs: writing.needs.trim(),
      risks: writing.risks.trim(),
      stop_conditions: writing.stop_conditions.trim(),
      no_go: [...writing.no_go],
      emergency: writing.emergency,
      previous: writing.previous,
    },
  }
}

/** Send it under its word, and return its reference; throws `Refused`. Sent again under that word, it goes once. */
export async function sendOnce(draft: Draft): Promise<string> {
  const { ref } = await ask('post', '/api/items', { body: { ...draft, once: word } })
  clear()
  return ref
}
