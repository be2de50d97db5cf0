/** The live picture: its tracks, how the way to the node stands, and what time it is there. */

import type { Frame } from './frame'
import { TrackSocket, type Look, type Way } from './socket'
import { Tracks } from './tracks'

const CLOCKS = 32

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
  private readonly ahead: number[] = []
  private readonly socket: TrackSocket

  constructor(private readonly changed: () => void) {
    this.socket = new TrackSocket(
      (frame) => this.took(frame),
      (way, reason) => {
        if (this.way !== way || this.reason !== reason) [this.way, this.reason] = [way, reason]
      },
    )
  }

  ask(look: Look): void {
    this.socket.ask(look)
  }

  close(): void {
    this.socket.close()
  }

  /** The node's time now: what came quickest says how far its clock is from ours. */
  now(): number {
    return Date.now() + (this.ahead.length ? Math.max(...this.ahead) : 0)
  }

  private took(frame: Frame): boolean {
    if (!this.tracks.take(frame)) return false
    this.ahead.push(frame.epoch - Date.now())
    if (this.ahead.length > CLOCKS) this.ahead.shift()
    this.epoch = frame.epoch
    if (!frame.keyframe && frame.count === 0 && frame.removed.length === 0) return true
    if (frame.keyframe || frame.removed.length || frame.names.length) {
      this.others++
      this.count = this.tracks.count
      this.cut = this.tracks.cut
      this.markings = this.tracks.markings()
    }
    this.version++
    this.changed()
    return true
  }
}
