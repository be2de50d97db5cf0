/** The sites that she may see, over the ground of the map: each volume's outline, and how far one must keep from it. */

import type { VolumeView } from '../../../lib/types'
import { reached } from './cover.svelte'
import type { View } from './labels'
import { mercatorX, mercatorY } from './tracks'

const EARTH_M = 40_075_016.686
const ROUND = 72
const RAD = Math.PI / 180
const LABEL_PX = 22

/** Draw volumes: a veil, an edge (dashed where it is not active), and a band as wide as the spacing. */
export function protect(
  paper: CanvasRenderingContext2D,
  view: View,
  volumes: readonly { name: string; volume: VolumeView }[],
  colours: { ink: string; edge: string; halo: string },
): void {
  for (const { name, volume } of volumes) {
    const corners = outline(volume).map(([lon, lat]) => pixel(lon, lat, view))
    const wide = Math.hypot(
      Math.max(...corners.map(({ x }) => x)) - Math.min(...corners.map(({ x }) => x)),
      Math.max(...corners.map(({ y }) => y)) - Math.min(...corners.map(({ y }) => y)),
    )
    trace(paper, corners)
    paper.lineJoin = 'round'
    paper.strokeStyle = paper.fillStyle = colours.edge
    if (volume.active) {
      paper.globalAlpha = 0.16
      paper.lineWidth = (2 * volume.spacing_m * view.world) / (EARTH_M * Math.cos(middle(volume) * RAD))
      paper.stroke()
      paper.globalAlpha = 0.14
      paper.fill()
    }
    paper.globalAlpha = 1
    paper.lineWidth = 1.6
    paper.setLineDash(volume.active ? [] : [5, 5])
    paper.stroke()
    paper.setLineDash([])
    if (wide > LABEL_PX) write(paper, name, corners, colours)
  }
}

function write(
  paper: CanvasRenderingContext2D,
  name: string,
  corners: readonly { x: number; y: number }[],
  colours: { ink: string; halo: string },
): void {
  const x = corners.reduce((sum, one) => sum + one.x, 0) / corners.length
  const y = Math.max(...corners.map((one) => one.y)) + 14
  paper.font = '600 12px "Noto Sans", "Noto Sans Arabic", sans-serif'
  paper.textAlign = 'center'
  paper.lineWidth = 3
  paper.strokeStyle = colours.halo
  paper.fillStyle = colours.ink
  paper.strokeText(name, x, y)
  paper.fillText(name, x, y)
  paper.textAlign = 'start'
}

function trace(paper: CanvasRenderingContext2D, corners: readonly { x: number; y: number }[]): void {
  paper.beginPath()
  for (const [n, { x, y }] of corners.entries()) {
    if (n === 0) paper.moveTo(x, y)
    else paper.lineTo(x, y)
  }
  paper.closePath()
}

/** The corners as longitude and latitude; a circle is as round as is seen. */
function outline(volume: VolumeView): [number, number][] {
  const [first] = volume.outline
  if (volume.outline.length > 1 || first === undefined) return volume.outline.map(([lat, lon]) => [lon, lat])
  const [lat, lon] = first
  return Array.from({ length: ROUND }, (_, n) => reached(lat, lon, volume.radius_m, (n * 360) / ROUND))
}

function middle(volume: VolumeView): number {
  return volume.outline.reduce((sum, [lat]) => sum + lat, 0) / volume.outline.length
}

function pixel(lon: number, lat: number, view: View): { x: number; y: number } {
  const apart = mercatorX(lon) - view.x
  return {
    x: view.width / 2 + (apart - Math.round(apart)) * view.world,
    y: view.height / 2 + (mercatorY(lat) - view.y) * view.world,
  }
}
