/** The way of the chosen track, asked anew now and then while it is on view; of the past never later than the replay. */

import { ask, Refused } from '../../../lib/api'
import { inOrder } from '../../../lib/inorder'
import type { TrackHistory } from '../../../lib/types'

export const MINUTES = [5, 10, 30, 60] as const
const MOST_MINUTES = 60
const MINUTE_MS = 60_000
const AGAIN_MS = 10_000
/** Of what is past so much more is asked for as passes, at its speed, until it is asked anew: it is shown when it was. */
const AHEAD_MS = 15_000
/** Of what is past a way up to this long after the moment is as good as one up to it. */
const STEP_MS = 5000
const BEAT_MS = 250
/** How long she may move on before the way up to another moment is asked for. */
const AFTER_MS = 250

type Asked = { track: string; source: string | null; minutes: number; at: string | null }
type Named = { name: string; source: string | null }
/** The moment of the past that is on view, and how fast it passes; null for now. */
type Moment = { at: number; speed: number } | null

export class Way {
  /** What is on view of it: in the past what had been seen by then. */
  readonly told = $derived.by(() => this.upTo(this.whole, this.at))
  /** The reason word of why there is none. */
  refused = $state('')
  private whole = $state.raw<TrackHistory | null>(null)
  /** The whole second of the past that is on view; null for now. */
  private at = $state<number | null>(null)
  private readonly newest = inOrder()
  private named: Named | null = null
  private minutes = 0
  private of = ''
  private turns = 0
  private timer = 0
  private beats = 0

  constructor(
    private readonly moment: () => Moment,
    private readonly changed: () => void,
  ) {}

  /** Follow a track until another one, or none, is asked for; no source is all who told it. */
  follow(track: Named | null, minutes: number): void {
    const of = track === null ? '' : `${track.source ?? ''} ${track.name} ${minutes}`
    if (of === this.of) return
    this.close()
    this.of = of
    ;[this.named, this.minutes] = [track, minutes]
    this.whole = null
    this.refused = ''
    this.beat()
    this.changed()
    if (track === null) return
    this.beats = window.setInterval(() => this.beat(), BEAT_MS)
    void this.look()
  }

  /** Another moment is on view, or time passes otherwise: nothing later stays, and the way up to it is asked for. */
  turn(): void {
    this.beat()
    if (this.named !== null && this.whole !== null) this.again(AFTER_MS)
  }

  close(): void {
    this.of = ''
    this.named = null
    this.turns++
    clearTimeout(this.timer)
    clearInterval(this.beats)
  }

  private beat(): void {
    const moment = this.moment()
    const at = moment === null ? null : Math.floor(moment.at / 1000) * 1000
    if (at === this.at) return
    this.at = at
    this.changed()
  }

  private upTo(whole: TrackHistory | null, at: number | null): TrackHistory | null {
    if (whole === null || at === null) return whole
    const since = at - this.minutes * MINUTE_MS
    const was = (seen: number): boolean => seen >= since && seen <= at
    return { ...whole, points: whole.points.filter((point) => was(Date.parse(point.at))) }
  }

  private again(after: number): void {
    this.turns++
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.look(), after)
  }

  private async look(): Promise<void> {
    const turn = ++this.turns
    const of = this.of
    try {
      const told = await this.newest(this.ways())
      if (of !== this.of || told === null) return
      this.whole = told
      this.refused = ''
      this.changed()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (of === this.of) this.refused = error.reason
    }
    if (turn === this.turns) this.again(AGAIN_MS)
  }

  /** Ask for the way up to a moment and as much more as is ahead: what no one answer holds, for each by itself. */
  private async ways(): Promise<TrackHistory> {
    const [first, rest] = this.asked().map((query) =>
      ask('get', '/api/picture/history', { query, background: true }),
    )
    if (first === undefined) throw new Error('nothing to ask for')
    return rest === undefined ? first : both(...(await Promise.allSettled([first, rest])))
  }

  private asked(): readonly Asked[] {
    const [{ name, source }, moment] = [this.named ?? { name: '', source: null }, this.moment()]
    if (moment === null) return [{ track: name, source, minutes: this.minutes, at: null }]
    const until = Math.ceil((moment.at + AHEAD_MS * moment.speed) / STEP_MS) * STEP_MS
    const ahead = Math.ceil((until - moment.at) / MINUTE_MS)
    const upTo = (at: number, minutes: number): Asked => ({ track: name, source, minutes, at: spelt(at) })
    if (this.minutes + ahead <= MOST_MINUTES) return [upTo(until, this.minutes + ahead)]
    return [upTo(until - ahead * MINUTE_MS, this.minutes), upTo(until, ahead)]
  }
}

function spelt(at: number): string {
  return new Date(at).toISOString()
}

/** Return both parts of a way, where it is known in both; throws what was refused where it is in none. */
function both(
  first: PromiseSettledResult<TrackHistory>,
  rest: PromiseSettledResult<TrackHistory>,
): TrackHistory {
  if (first.status === 'rejected') {
    if (rest.status === 'rejected') throw first.reason
    return rest.value
  }
  if (rest.status === 'rejected') return first.value
  const known = new Set(first.value.points.map(named))
  const more = rest.value.points.filter((point) => !known.has(named(point)))
  return { ...first.value, until: rest.value.until, points: [...first.value.points, ...more] }
}

function named(point: TrackHistory['points'][number]): string {
  return `${point.from} ${point.at}`
}
