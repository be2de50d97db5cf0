/** Which track is under the pointer: a grid of places, made when it is first asked for after a frame. */

import type { Tracks } from './tracks'

const CELLS = 512
/** How far, in mercator units, a track may have moved since its frame: 24 s at 700 m/s, far from the equator. */
const MOVED = 0.001

export class Hits {
  private grid: Map<number, number[]> | null = null

  constructor(private readonly tracks: Tracks) {}

  /** The tracks are others. */
  changed(): void {
    this.grid = null
  }

  /** Return the slot of the track nearest to a place, within a radius; all in mercator units. */
  nearest(x: number, y: number, radius: number, now: number): number | null {
    const reach = radius + MOVED
    let best: number | null = null
    let least = radius
    for (let cx = cell(x - reach); cx <= cell(x + reach); cx++)
      for (let cy = cell(y - reach); cy <= cell(y + reach); cy++)
        for (const slot of this.cells().get(cx * CELLS + cy) ?? []) {
          const at = this.tracks.reckoned(slot, now)
          const apart = Math.hypot(at.x - x, at.y - y)
          if (apart <= least) [best, least] = [slot, apart]
        }
    return best
  }

  private cells(): Map<number, number[]> {
    if (this.grid) return this.grid
    const grid = new Map<number, number[]>()
    for (let slot = 0; slot < this.tracks.count; slot++) {
      const key = cell(this.tracks.x[slot] ?? 0) * CELLS + cell(this.tracks.y[slot] ?? 0)
      const there = grid.get(key)
      if (there) there.push(slot)
      else grid.set(key, [slot])
    }
    return (this.grid = grid)
  }
}

function cell(place: number): number {
  return Math.max(0, Math.min(CELLS - 1, Math.floor(place * CELLS)))
}
