/** How many of what, as it is typed; `words` is what a text says of it, where it is from one. */

import { numberOf } from '../../lib/typed'

export type Count = { of: string; least: string; most: string; words?: string }
type Filled = Record<string, unknown>

/** As many as an event of a report may have. */
export const MOST_COUNTS = 16

export function emptyCount(): Count {
  return { of: '', least: '', most: '' }
}

/** The figures of an event as the node takes them, those that say nothing left out; null while one is not whole. */
export function filledCounts(counts: readonly Count[]): { counts?: Filled[] } | null {
  const said = counts.filter((one) => [one.of, one.least, one.most].some((word) => word.trim() !== ''))
  if (said.length === 0) return {}
  const whole = said.map(filled)
  return whole.every((one) => one !== null) ? { counts: whole } : null
}

function filled(count: Count): Filled | null {
  const of = count.of.trim()
  const least = numberOf(count.least)
  const most = count.most.trim() === '' ? undefined : numberOf(count.most)
  if (of === '' || least === null || most === null || (most !== undefined && most < least)) return null
  return { of, least, ...(most === undefined ? {} : { most }) }
}

/** The figures of an event of a report, as they are typed; one that is empty, to be typed, where there is none. */
export function countsOf(said: unknown): Count[] {
  const counts = Array.isArray(said) ? (said as Filled[]) : []
  const typed = counts.map((one) => ({
    of: word(one['of']),
    least: word(one['least']),
    most: word(one['most']),
  }))
  return typed.length ? typed : [emptyCount()]
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
