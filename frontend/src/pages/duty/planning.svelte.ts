/** The plan that an officer writes: kept at this browser as she types, and sent once under its word. */

import { ask } from '../../lib/api'
import { begun, hold } from '../../lib/begun'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import type { PlanView, RosterDraft } from '../../lib/types'
import { utcOf, utcText } from '../../lib/utc'
import { DAY_MS } from './plan'

export const MAX_TURNS = 256
export const MAX_DAYS = 62
const HOUR_MS = 3_600_000
const NAME = 'roster'
const HOUR = /^\s*(\d{2}):(\d{2})\s*Z?\s*$/

export type Line = { since: string; until: string; name: string; role: string; phones: string }
type Written = { begins: string; ends: string; lines: Line[]; people: string; hours: number; to: string[] }
export type Why = 'time' | 'order' | 'overlap' | 'outside' | 'ends' | 'span' | 'past' | 'many'
/** What is wrong, and with which turn, where it is one's. */
export type Wrong = { why: Why; n: number; name: string; until: number }
export type Hole = { since: number; until: number }

export class Planning {
  written = $state<Written>({ begins: '', ends: '', lines: [], people: '', hours: 8, to: [] })
  ready = $state(false)
  /** What lies at this browser, as text. */
  kept = $state('')
  readonly keepOn = asItChanges(async () => {
    const value = $state.snapshot(this.written)
    await hold(NAME, value)
    this.kept = JSON.stringify(value)
  })
  private once = onceWord()

  /** Take up what she began, or else what is planned. */
  async takeUp(plan: PlanView, now: number): Promise<void> {
    const left = await begun<Written>(NAME)
    this.written = left ?? fromPlan(plan, now)
    this.ready = true
  }

  /** Begin again from what is planned. */
  async anew(plan: PlanView, now: number): Promise<void> {
    this.written = fromPlan(plan, now)
    await hold(NAME, null)
  }

  add(): void {
    const before = this.written.lines.at(-1)
    const since = before ? endOf(before) : utcOf(this.written.begins)
    const long = before ? endOf(before) - utcOf(before.since) : this.written.hours * HOUR_MS
    const times = Number.isNaN(since + long) ? ['', ''] : [text(since), text(since + long)]
    const line = { since: times[0] ?? '', until: times[1] ?? '', name: '', role: '', phones: '' }
    this.written.lines = [...this.written.lines, line]
  }

  remove(n: number): void {
    this.written.lines = this.written.lines.filter((_, at) => at !== n)
  }

  /** Write a turn for each of the people in their order, again and again, from the beginning to the end. */
  fill(): void {
    const [begins, ends] = [utcOf(this.written.begins), utcOf(this.written.ends)]
    const people = this.written.people.split('\n').filter((one) => one.trim() !== '')
    const lines: Line[] = []
    const long = this.written.hours * HOUR_MS
    for (let at = begins; at < ends && people.length && lines.length < MAX_TURNS; at += long) {
      const [name = '', role = '', ...phones] = (people[lines.length % people.length] ?? '').split(';')
      const times = { since: text(at), until: text(Math.min(at + long, ends)) }
      lines.push({ ...times, name: name.trim(), role: role.trim(), phones: phones.join(';').trim() })
    }
    this.written.lines = lines
  }

  /** What does not go, the first of each turn. */
  wrong(now: number): Wrong[] {
    const { begins, ends, lines } = this.written
    const [from, to] = [utcOf(begins), utcOf(ends)]
    const whole = (why: Why): Wrong => ({ why, n: 0, name: '', until: 0 })
    const found = lines.flatMap((line, n) => wrongOf(line, n, from, to, lines))
    if (lines.length > MAX_TURNS) found.unshift(whole('many'))
    if (to <= from) found.unshift(whole('ends'))
    else if (to <= now) found.unshift(whole('past'))
    else if (to - from > MAX_DAYS * DAY_MS) found.unshift(whole('span'))
    return found
  }

  /** The times that it leaves without anybody. */
  get holes(): Hole[] {
    const ends = utcOf(this.written.ends)
    let free = utcOf(this.written.begins)
    const found: Hole[] = []
    for (const line of inOrder(this.written.lines)) {
      const since = utcOf(line.since)
      if (free < since) found.push({ since: free, until: since })
      free = Math.max(free, endOf(line))
    }
    if (free < ends) found.push({ since: free, until: ends })
    return found
  }

  /** As the node takes it. */
  get draft(): RosterDraft {
    const turns = inOrder(this.written.lines).map((line) => ({
      since: new Date(utcOf(line.since)).toISOString(),
      until: new Date(endOf(line)).toISOString(),
      name: line.name.trim(),
      role: line.role.trim(),
      phones: phonesOf(line.phones),
    }))
    const [begins, ends] = [utcOf(this.written.begins), utcOf(this.written.ends)]
    const span = { begins: new Date(begins).toISOString(), ends: new Date(ends).toISOString() }
    return { ...span, turns, to: [...this.written.to], once: this.once }
  }

  /** Send it; return whether it still stands so: what she wrote meanwhile stays. */
  async send(): Promise<boolean> {
    const sent = JSON.stringify(this.written)
    await ask('post', '/api/roster', { body: this.draft })
    this.once = onceWord()
    if (JSON.stringify(this.written) !== sent) return false
    await hold(NAME, null)
    return true
  }
}

/** When a turn ends: an hour alone is the first one after it began. */
export function endOf(line: Line): number {
  const hour = HOUR.exec(line.until)
  if (!hour) return utcOf(line.until)
  const since = utcOf(line.since)
  const at = Math.floor(since / DAY_MS) * DAY_MS + Number(hour[1]) * HOUR_MS + Number(hour[2]) * 60_000
  return at > since ? at : at + DAY_MS
}

function fromPlan(plan: PlanView, now: number): Written {
  const named = plan.turns.filter((one) => one.name !== null)
  const lines = named.map((one) => ({
    since: text(Date.parse(one.since)),
    until: text(Date.parse(one.until)),
    name: one.name ?? '',
    role: one.role,
    phones: one.phones.join('; '),
  }))
  const people = new Set(named.map((one) => [one.name, one.role, ...one.phones].join('; ')))
  const next = Math.ceil(now / HOUR_MS) * HOUR_MS
  const begins = Date.parse(plan.turns[0]?.since ?? '') || next
  const ends = Date.parse(plan.turns.at(-1)?.until ?? '') || next + 7 * DAY_MS
  const rest = { people: [...people].join('\n'), hours: 8, to: [...(plan.to ?? [])] }
  return { begins: text(begins), ends: text(ends), lines, ...rest }
}

function wrongOf(line: Line, n: number, from: number, to: number, lines: readonly Line[]): Wrong[] {
  const [since, until] = [utcOf(line.since), endOf(line)]
  const one = { n: n + 1, name: '', until: 0 }
  if (Number.isNaN(since) || Number.isNaN(until))
    return line.since && line.until ? [{ ...one, why: 'time' }] : []
  if (until <= since) return [{ ...one, why: 'order' }]
  if (since < from || until > to) return [{ ...one, why: 'outside' }]
  const other = lines.find((before, at) => overlaps(before, at, since, n))
  return other ? [{ ...one, why: 'overlap', name: other.name, until: endOf(other) }] : []
}

/** Whether another turn is on when one begins; of two that begin together the earlier line is. */
function overlaps(other: Line, at: number, since: number, n: number): boolean {
  const began = utcOf(other.since)
  return at !== n && (began < since || (began === since && at < n)) && since < endOf(other)
}

function inOrder(lines: readonly Line[]): Line[] {
  return [...lines].sort((a, b) => utcOf(a.since) - utcOf(b.since))
}

function phonesOf(written: string): string[] {
  return written.split(';').flatMap((one) => one.trim() || [])
}

function text(at: number): string {
  return utcText(new Date(at))
}
