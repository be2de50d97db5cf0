/** The way that the chosen track came, drawn under the labels: what was measured, from the oldest to the newest point. */

import type { View } from './labels'
import { mercatorX, mercatorY } from './tracks'

export type Point = { lat: number; lon: number }
export type Trail = { points: readonly Point[]; ink: string; edge: string }

const DOT_PX = 2.2
const LINE_PX = 2

/** Draw a way; where it crosses 180 degrees it goes on at the other side. */
export function draw(paper: CanvasRenderingContext2D, trail: Trail, view: View): void {
  const at = trail.points.map((point) => pixel(point, view))
  for (const [width, colour] of [[LINE_PX + 2, trail.edge] as const, [LINE_PX, trail.ink] as const]) {
    paper.beginPath()
    for (const [n, { x, y }] of at.entries()) {
      const before = at[n - 1]
      if (before === undefined || Math.abs(x - before.x) > view.world / 2) paper.moveTo(x, y)
      else paper.lineTo(x, y)
    }
    paper.lineWidth = width
    paper.strokeStyle = colour
    paper.stroke()
  }
  paper.fillStyle = trail.ink
  for (const { x, y } of at) {
    paper.beginPath()
    paper.arc(x, y, DOT_PX, 0, 2 * Math.PI)
    paper.fill()
  }
}

function pixel(point: Point, view: View): { x: number; y: number } {
  const apart = mercatorX(point.lon) - view.x
  return {
    x: view.width / 2 + (apart - Math.round(apart)) * view.world,
    y: view.height / 2 + (mercatorY(point.lat) - view.y) * view.world,
  }
}
