/** The picture, live or past: its tracks, how the way to the node stands, and what time it is on the map. */

import type { Frame } from './frame'
import { TrackSocket, type Look, type Way } from './socket'
import { Tracks } from './tracks'

const CLOCKS = 32
/** How long what is past goes on by this machine's clock while nothing is told. */
const ALONE_MS = 3000
/** How far from what she asked for a moment may be that answers it, and how long that is waited for. */
const NEAR_MS = 3000
const AIM_MS = 5000

export class Picture {
  readonly tracks = new Tracks()
  /** Grows with each frame; who shows what moves reads it. */
  version = $state(0)
  /** Grows when tracks come or go. */
  others = $state(0)
  count = $state(0)
  cut = $state(false)
  markings = $state.raw<readonly string[]>([])
  way = $state<Way>('opening')
  reason = $state('')
  /** The node's time of what is on view, milliseconds; null before the first frame. */
  epoch = $state<number | null>(null)
  /** What of the past is shown, null for now. */
  back = $state.raw<Look['past']>(null)
  private asked: Look['past'] = null
  private base = { at: 0, since: 0 }
  private aim: { at: number; since: number } | null = null
  private readonly ahead: number[] = []
  private readonly socket: TrackSocket

  constructor(private readonly changed: () => void) {
    this.socket = new TrackSocket(
      (frame) => this.took(frame),
      (way, reason) => {
        if (this.way !== way || this.reason !== reason) [this.way, this.reason] = [way, reason]
      },
      (look) => this.goOn(look),
    )
  }

  /** Show this; another moment of the past than was asked for before jumps there. */
  ask(look: Look): void {
    if (look.past?.at !== this.asked?.at || look.past?.speed !== this.asked?.speed) this.turn(look.past)
    this.socket.ask({ ...look, past: this.back })
  }

  close(): void {
    this.socket.close()
  }

  /** The node's time now: what came quickest says how far its clock is from ours. */
  now(): number {
    if (this.back !== null) {
      const alone = Math.min(ALONE_MS, performance.now() - this.base.since)
      return this.base.at + alone * this.back.speed
    }
    return Date.now() + (this.ahead.length ? Math.max(...this.ahead) : 0)
  }

  /** Nothing of now stays on a map of what was, nor the other way. */
  private turn(past: Look['past']): void {
    if ((past === null) !== (this.back === null)) {
      this.tracks.clear()
      this.epoch = null
      this.renew()
      this.changed()
    }
    this.asked = this.back = past
    if (past === null) return
    const [at, since] = [past.at / 1000, performance.now()]
    this.base = this.aim = { at, since }
  }

  /** A way that opens anew goes on where the map is. */
  private goOn(look: Look): Look {
    if (this.back !== null) this.back = { at: Math.round(this.now() * 1000), speed: this.back.speed }
    return { ...look, past: this.back }
  }

  private took(frame: Frame): boolean {
    if (frame.past !== (this.back !== null)) return true // said before it heard what is asked for now
    if (!this.tracks.take(frame)) return false
    if (frame.past) this.set(frame.epoch)
    else this.ahead.push(frame.epoch - Date.now())
    if (this.ahead.length > CLOCKS) this.ahead.shift()
    this.epoch = frame.epoch
    if (!frame.keyframe && frame.count === 0 && frame.removed.length === 0) return true
    if (frame.keyframe || frame.removed.length || frame.names.length) this.renew()
    this.version++
    this.changed()
    return true
  }

  private renew(): void {
    this.others++
    this.count = this.tracks.count
    this.cut = this.tracks.cut
    this.markings = this.tracks.markings()
  }

  /** Set the clock of what is past; what was on its way when she jumped sets nothing. */
  private set(at: number): void {
    const [since, speed] = [performance.now(), this.back?.speed ?? 0]
    const far = this.aim !== null && Math.abs(at - this.aim.at) > NEAR_MS * (1 + speed)
    if (far && this.aim !== null && since - this.aim.since < AIM_MS) return
    this.aim = null
    this.base = { at, since }
  }
}
