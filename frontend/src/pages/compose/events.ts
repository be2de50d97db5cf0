/** The events of a report by form, as they are typed and as the node takes them. Names of sources go out blinded only. */

import { ask } from '../../lib/api'
import type { Draft } from '../../lib/types'
import { utcText } from '../../lib/utc'
import { microsOf } from '../incidents/times'
import { countsOf, emptyCount, filledCounts, type Count } from './counts'

export const HOWS = ['SAW', 'HEARD', 'CAMERA', 'RADAR', 'INSTRUMENT', 'TOLD', 'PUBLISHED'] as const
export const POLARITIES = ['ASSERTS', 'DENIES', 'UNCLEAR'] as const
export const RELIABILITIES = ['A', 'B', 'C', 'D', 'E', 'F'] as const
/** 1 is computed, never typed. */
export const CREDIBILITIES = [2, 3, 4, 5, 6] as const

export type Event = {
  what: string
  how: string
  polarity: string
  reliability: string
  credibility: number | ''
  where: string
  since: string
  until: string
  counts: Count[]
  circle: string
  names: string
  /** The blinded names of before, where what she writes takes the place of what had them. */
  roots?: readonly unknown[]
}

export function emptyEvent(circle = ''): Event {
  const typed = { what: '', how: '', polarity: '', reliability: '', where: '', since: '', until: '' }
  return { ...typed, credibility: '', counts: [emptyCount()], names: '', circle }
}

export function namesOf(event: Event): string[] {
  return event.names.split('\n').flatMap((line) => line.trim() || [])
}

/** An event as this page has it, of a draft that was left by a page which had one figure for each. */
export function asNow(left: Event & Partial<Count>): Event {
  const { of = '', least = '', most = '', ...event } = left
  return { ...event, counts: left.counts ?? [{ of, least, most }] }
}

type Filled = Record<string, unknown>

/** An event as the node takes it, without its sources; null while it is not whole. */
export function filled(event: Event): Filled | null {
  const { how, polarity, reliability, credibility } = event
  const [what, where] = [event.what.trim(), event.where.trim()]
  if (!what || !how || !polarity || !reliability || credibility === '') return null
  if (namesOf(event).length > 0 && event.circle.trim() === '') return null
  const [times, counts] = [timesOf(event), filledCounts(event.counts)]
  if (times === null || counts === null) return null
  return { what, how, polarity, reliability, credibility, where, ...times, ...counts }
}

/** The form of a report; undefined where it has no events, null while one of them is not whole. */
export function formOf(events: readonly Event[]): { events: Filled[] } | null | undefined {
  if (events.length === 0) return undefined
  const whole = events.map(filled)
  return whole.every((one) => one !== null) ? { events: whole } : null
}

/** An event as it is typed, of what a report says; null where this page has no field for all of it. */
export function eventOf(said: Filled): Event | null {
  const [since, until] = [minuteOf(said['since']), minuteOf(said['until'])]
  if (since === null || until === null) return null
  return {
    ...emptyEvent(),
    what: textOf(said['what']),
    how: textOf(said['how']),
    polarity: textOf(said['polarity']),
    reliability: textOf(said['reliability']),
    credibility: typeof said['credibility'] === 'number' ? said['credibility'] : '',
    where: textOf(said['where']),
    since,
    until,
    counts: countsOf(said['counts']),
    roots: Array.isArray(said['roots']) ? said['roots'] : [],
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** A time as she would type it; nothing for none, null for one between two minutes. */
function minuteOf(at: unknown): string | null {
  if (typeof at !== 'number') return ''
  return at % 60_000_000 === 0 ? utcText(new Date(at / 1000)) : null
}

/** The draft with the blinded names of its sources; throws `Refused`. */
export async function withRoots(draft: Draft, events: readonly Event[]): Promise<Draft> {
  const form = formOf(events)
  if (!form) return draft
  const rooted: Filled[] = []
  for (const [n, event] of events.entries()) {
    const names = namesOf(event)
    const body = { circle: event.circle.trim(), names }
    const roots = names.length ? await ask('post', '/api/sources', { body }) : (event.roots ?? [])
    rooted.push({ ...form.events[n], roots })
  }
  return { ...draft, form: { events: rooted } }
}

function timesOf(event: Event): Filled | null {
  if (event.since.trim() === '' && event.until.trim() === '') return {}
  const [since, until] = [microsOf(event.since), microsOf(event.until)]
  return since === null || until === null || until < since ? null : { since, until }
}
