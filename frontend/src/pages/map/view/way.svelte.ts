/** The way of the chosen track, asked anew now and then while it is on view. */

import { ask, Refused } from '../../../lib/api'
import { inOrder } from '../../../lib/inorder'
import type { TrackHistory } from '../../../lib/types'

export const MINUTES = [5, 10, 30, 60] as const
const AGAIN_MS = 10_000
/** Of what is past a way up to this long before the moment is as good as one up to it. */
const STEP_MS = 5000

type Named = { name: string; source: string | null }

export class Way {
  told = $state.raw<TrackHistory | null>(null)
  /** The reason word of why there is none. */
  refused = $state('')
  private readonly newest = inOrder()
  private timer = 0
  private of = ''

  constructor(private readonly changed: () => void) {}

  /** Follow a track until another one, or none, is asked for; no source is all who told it, `at` null is now. */
  follow(track: Named | null, minutes: number, at: () => number | null): void {
    const of = track === null ? '' : `${track.source ?? ''} ${track.name} ${minutes}`
    if (of === this.of) return
    this.of = of
    clearTimeout(this.timer)
    this.told = null
    this.refused = ''
    this.changed()
    if (track !== null) void this.look(of, track, minutes, at)
  }

  private async look(of: string, track: Named, minutes: number, at: () => number | null): Promise<void> {
    const moment = at()
    const until = moment === null ? null : new Date(Math.floor(moment / STEP_MS) * STEP_MS).toISOString()
    try {
      const query = { track: track.name, source: track.source, minutes, at: until }
      const told = await this.newest(ask('get', '/api/picture/history', { query, background: true }))
      if (of !== this.of || told === null) return
      this.told = told
      this.refused = ''
      this.changed()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (of === this.of) this.refused = error.reason
    }
    if (of === this.of) this.timer = window.setTimeout(() => void this.look(of, track, minutes, at), AGAIN_MS)
  }

  close(): void {
    this.of = ''
    clearTimeout(this.timer)
  }
}
