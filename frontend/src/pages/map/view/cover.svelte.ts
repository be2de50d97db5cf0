/** Where one sensor sees, over the ground of the map: asked anew now and then while the address names it. */

import { again } from '../../../lib/again'
import { ask, Refused } from '../../../lib/api'
import { inOrder } from '../../../lib/inorder'
import type { CoverageView } from '../../../lib/types'
import type { View } from './labels'
import { mercatorX, mercatorY } from './tracks'

const AGAIN_MS = 10_000
const EARTH_M = 6_371_008.8
const RAD = Math.PI / 180
const STEPS = 3
const HATCH_PX = 7

export class Cover {
  told = $state.raw<CoverageView | null>(null)
  private readonly newest = inOrder()
  private stop: () => void = () => {}
  private name = ''

  constructor(private readonly changed: () => void) {}

  /** Follow a sensor; none by an empty name. */
  follow(name: string): void {
    if (name === this.name) return
    this.name = name
    this.stop()
    this.stop = () => {}
    this.told = null
    this.changed()
    if (name) this.stop = again(() => void this.look(name), AGAIN_MS)
  }

  close(): void {
    this.stop()
  }

  private async look(name: string): Promise<void> {
    try {
      const path = { name }
      const told = await this.newest(ask('get', '/api/sensors/{name}/coverage', { path, background: true }))
      if (told === null || name !== this.name) return
      this.told = told
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (name === this.name) this.told = null
    }
    this.changed()
  }
}

/** Draw what was seen as a veil, and gaps as hatched cells. */
export function cover(
  paper: CanvasRenderingContext2D,
  view: View,
  told: CoverageView,
  colours: { seen: string; gap: string },
): void {
  const hatch = hatched(paper, colours.gap)
  for (const cell of told.cells) {
    const edge = outline(told, cell)
    paper.beginPath()
    for (const [n, [lon, lat]] of edge.entries()) {
      const { x, y } = pixel(lon, lat, view)
      if (n === 0) paper.moveTo(x, y)
      else paper.lineTo(x, y)
    }
    paper.closePath()
    paper.globalAlpha = cell.bands ? 0.22 : 0.7
    paper.fillStyle = cell.bands ? colours.seen : hatch
    paper.fill()
  }
  paper.globalAlpha = 1
  const here = pixel(told.lon, told.lat, view)
  paper.strokeStyle = colours.gap
  paper.lineWidth = 2
  paper.strokeRect(here.x - 4, here.y - 4, 8, 8)
}

/** The corners of a cell, with some more along its arcs: longitude and latitude. */
function outline(told: CoverageView, cell: { sector: number; ring: number }): [number, number][] {
  const [from, turn] = [(cell.sector / told.sectors) * 360, 360 / told.sectors]
  const at = (distance: number, part: number): [number, number] =>
    reached(told.lat, told.lon, distance, from + turn * part)
  const parts = Array.from({ length: STEPS + 1 }, (_, n) => n / STEPS)
  const [near, far] = [cell.ring * told.ring_m, (cell.ring + 1) * told.ring_m]
  return [...parts.map((part) => at(far, part)), ...parts.reverse().map((part) => at(near, part))]
}

/** Where one comes from a place who goes so far, in metres, by a bearing, on a sphere. */
export function reached(lat: number, lon: number, distance: number, bearing: number): [number, number] {
  const [away, from, turn] = [distance / EARTH_M, lat * RAD, bearing * RAD]
  const to = Math.asin(Math.sin(from) * Math.cos(away) + Math.cos(from) * Math.sin(away) * Math.cos(turn))
  const east = Math.atan2(
    Math.sin(turn) * Math.sin(away) * Math.cos(from),
    Math.cos(away) - Math.sin(from) * Math.sin(to),
  )
  return [lon + east / RAD, to / RAD]
}

function pixel(lon: number, lat: number, view: View): { x: number; y: number } {
  const apart = mercatorX(lon) - view.x
  return {
    x: view.width / 2 + (apart - Math.round(apart)) * view.world,
    y: view.height / 2 + (mercatorY(lat) - view.y) * view.world,
  }
}

function hatched(paper: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = tile.height = HATCH_PX
  const drawn = tile.getContext('2d')
  if (drawn === null) return colour
  drawn.strokeStyle = colour
  drawn.lineWidth = 1.3
  drawn.beginPath()
  drawn.moveTo(0, HATCH_PX)
  drawn.lineTo(HATCH_PX, 0)
  drawn.stroke()
  return paper.createPattern(tile, 'repeat') ?? colour
}
