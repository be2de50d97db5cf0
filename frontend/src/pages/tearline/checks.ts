/** What the node points at in a tear-line, as an officer answers it: one question for each piece, however often it stands.
 *
 * Places are counted in characters, as the node counts them, which the browser's own lengths are not.
 */

import type { LeftOver, Place, Stays } from '../../lib/types'

export type Mark = { start: number; end: number; check: string }
export type Check = {
  /** What it says, and what that gives away: the same words are one question in the title and in the text. */
  key: string
  words: string
  gives: readonly LeftOver['what'][]
  left: readonly LeftOver[]
  stands: readonly Place[]
  /** In how many places it stands. */
  times: number
}
type Where = LeftOver['where']
type Texts = Readonly<Record<Where, string>>

const FIRST = 6

/** The questions, in the order in which their words first stand. */
export function checksOf(texts: Texts, left: readonly LeftOver[]): Check[] {
  const found = new Map<string, Check>()
  for (const where of ['title', 'text'] as const) {
    const letters = [...texts[where]]
    const here = left.filter((one) => one.where === where)
    for (const piece of [...clusters(here.filter((one) => one.what !== 'RUN')), ...runs(here)].sort(
      byPlace,
    )) {
      const check = checkOf(letters, piece)
      const same = found.get(check.key)
      found.set(check.key, same ? both(same, check) : check)
    }
  }
  return [...found.values()]
}

/** Where the pieces of some questions stand in the title or the text of the draft. */
export function marksIn(where: Where, checks: readonly Check[]): Mark[] {
  return checks.flatMap((check) =>
    check.left
      .filter((one) => one.where === where)
      .map(({ start, end }) => ({ start, end, check: check.key })),
  )
}

/** Where the original has what some questions are about. */
export function marksOf(where: Place['where'], checks: readonly Check[]): Mark[] {
  return checks.flatMap((check) =>
    check.stands
      .filter((one) => one.where === where)
      .map(({ start, end }) => ({ start, end, check: check.key })),
  )
}

/** What is said to the node: of each piece why it stays. */
export function answersOf(checks: readonly Check[], whys: Readonly<Record<string, Stays['why']>>): Stays[] {
  return checks.flatMap((check) => {
    const why = whys[check.key]
    return why === undefined
      ? []
      : check.left.map(({ where, start, end, what }) => ({ where, start, end, what, why }))
  })
}

/** How many places stayed for each reason; what lies over each other is one. */
export function stayed(answers: readonly Stays[]): [Stays['why'], number][] {
  const counted = new Map<Stays['why'], number>()
  let last: Stays | null = null
  let end = -1
  for (const one of [...answers].sort((a, b) =>
    a.where === b.where ? a.start - b.start : a.where < b.where ? 1 : -1,
  )) {
    const same = last?.where === one.where && last.why === one.why && one.start < end
    if (!same) counted.set(one.why, (counted.get(one.why) ?? 0) + 1)
    end = same ? Math.max(end, one.end) : one.end
    last = one
  }
  return [...counted]
}

/** A text in pieces, each with the questions that are about it. */
export function segments(text: string, marks: readonly Mark[]): { text: string; checks: string[] }[] {
  const letters = [...text]
  const within = marks.filter((one) => one.start < one.end && one.end <= letters.length)
  const waiting = [...within].sort((a, b) => b.start - a.start)
  const ends = new Set([0, letters.length, ...within.flatMap((one) => [one.start, one.end])])
  const cuts = [...ends].sort((a, b) => a - b)
  let open: Mark[] = []
  return cuts.slice(0, -1).map((start, n) => {
    open = open.filter((one) => one.end > start)
    for (let next = waiting.at(-1); next && next.start <= start; next = waiting.at(-1)) {
      open.push(next)
      waiting.pop()
    }
    const checks = [...new Set(open.map((one) => one.check))]
    return { text: letters.slice(start, cuts[n + 1]).join(''), checks }
  })
}

/**
 * What was pointed at before she typed on, as far as what it is about still stands where it stood.
 *
 * Of a letter that she typed between its likes nobody can tell which is new, so what the texts begin with alike and what
 * they end with alike may lie over each other; what then comes to stand twice at one place is said once.
 */
export function moved(before: string, now: string, left: readonly LeftOver[]): LeftOver[] {
  const [old, fresh] = [[...before], [...now]]
  const shortest = Math.min(old.length, fresh.length)
  const head = shared(shortest, (n) => old[n] === fresh[n])
  const tail = shared(shortest, (n) => old.at(-1 - n) === fresh.at(-1 - n))
  const by = fresh.length - old.length
  const found = left.flatMap((one) => {
    if (one.end <= head) return one
    return one.start >= old.length - tail ? { ...one, start: one.start + by, end: one.end + by } : []
  })
  return [...new Map(found.map((one) => [`${one.start} ${one.end} ${one.what}`, one])).values()]
}

/** A piece of the original with some whole words around it, so that one sees which it is. */
export function around(text: string, place: Place, letters: number): [string, string, string] {
  const all = [...text]
  const [from, to] = [Math.max(0, place.start - letters), Math.min(all.length, place.end + letters)]
  const before = all.slice(from, place.start).join('')
  const after = all.slice(place.end, to).join('')
  return [
    from > 0 ? before.replace(/^\S*(?=\s)/, '…') : before,
    all.slice(place.start, place.end).join(''),
    to < all.length ? after.replace(/(?<=\s)\S*$/, '…') : after,
  ]
}

function checkOf(letters: readonly string[], piece: readonly LeftOver[]): Check {
  const [start, end] = [Math.min(...piece.map((one) => one.start)), Math.max(...piece.map((one) => one.end))]
  const words = letters.slice(start, end).join('')
  const gives = [...new Set(piece.map((one) => one.what))].sort()
  const stands = new Map(piece.flatMap((one) => one.stands ?? []).map((one) => [JSON.stringify(one), one]))
  return {
    key: `${gives.join('+')} ${words}`,
    words,
    gives,
    left: piece,
    stands: [...stands.values()].sort((a, b) => b.words.length - a.words.length).slice(0, FIRST),
    times: 1,
  }
}

function both(one: Check, other: Check): Check {
  return { ...one, left: [...one.left, ...other.left], times: one.times + other.times }
}

/** Pieces that lie over each other are one question. */
function clusters(left: readonly LeftOver[]): LeftOver[][] {
  const found: LeftOver[][] = []
  let end = -1
  for (const one of [...left].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (one.start < end) found.at(-1)?.push(one)
    else found.push([one])
    end = Math.max(end, one.end)
  }
  return found
}

function runs(left: readonly LeftOver[]): LeftOver[][] {
  return left.filter((one) => one.what === 'RUN').map((one) => [one])
}

function byPlace(one: readonly LeftOver[], other: readonly LeftOver[]): number {
  return (one[0]?.start ?? 0) - (other[0]?.start ?? 0)
}

function shared(most: number, same: (n: number) => boolean): number {
  let n = 0
  while (n < most && same(n)) n += 1
  return n
}
