/** A plan as a page draws it: the watches in their order, between them the times with nobody, and both day by day. */

import type { PlanView, TurnView } from '../../lib/types'

export const DAY_MS = 86_400_000

/** A stretch of time; without a turn nobody is planned for it, without an end nothing is planned behind it. */
export type Stretch = { since: number; until: number; turn: TurnView | null }
/** What of a stretch falls on a day, in hundredths of it. */
export type Piece = { stretch: Stretch; at: number; size: number }
export type Day = { begins: number; pieces: readonly Piece[] }

/** All that is planned from a time on, without a break; nothing of a member that plans nothing. */
export function stretches(plan: PlanView, from: number): Stretch[] {
  const found: Stretch[] = []
  let free = from
  for (const turn of plan.turns) {
    const [since, until] = [Date.parse(turn.since), Date.parse(turn.until)]
    if (turn.name === null || until <= from) continue
    if (free < since) found.push({ since: free, until: since, turn: null })
    found.push({ since, until, turn })
    free = until
  }
  if (plan.turns.length) found.push({ since: free, until: Infinity, turn: null })
  return found
}

/** Some days, the first that of a time, with what of the stretches falls on each. */
export function days(all: readonly Stretch[], from: number, count: number): Day[] {
  const first = Math.floor(from / DAY_MS) * DAY_MS
  return Array.from({ length: count }, (_, n) => {
    const begins = first + n * DAY_MS
    return { begins, pieces: all.flatMap((one) => pieceOf(one, begins)) }
  })
}

function pieceOf(stretch: Stretch, begins: number): Piece[] {
  const since = Math.max(stretch.since, begins)
  const until = Math.min(stretch.until, begins + DAY_MS)
  if (since >= until) return []
  return [{ stretch, at: (100 * (since - begins)) / DAY_MS, size: (100 * (until - since)) / DAY_MS }]
}
