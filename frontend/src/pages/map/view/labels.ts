/** What is written beside tracks: the chosen, the one under the pointer, and where few are on view, those that fit. */

import type { Track, Tracks } from './tracks'

const FEW = 300
const LINE_PX = 14
const GAP_PX = 15
const FONT = '600 11px "Noto Sans Mono", monospace'

export type View = { x: number; y: number; world: number; width: number; height: number }
export type Writing = { ink: string; ground: string; lines: (track: Track) => string[] }

type Box = { left: number; top: number; right: number; bottom: number }

/** Write the labels; those that would cover another's are left out, the chosen one never. */
export function write(
  paper: CanvasRenderingContext2D,
  tracks: Tracks,
  view: View,
  first: (number | null)[],
  now: number,
  writing: Writing,
  under: () => void = () => {},
): void {
  const ratio = window.devicePixelRatio
  const { canvas } = paper
  const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)]
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  paper.setTransform(ratio, 0, 0, ratio, 0, 0)
  paper.clearRect(0, 0, view.width, view.height)
  paper.font = FONT
  paper.textBaseline = 'top'
  paper.direction = 'ltr'
  paper.textAlign = 'left'
  paper.lineJoin = 'round'
  under()
  const wanted = first.filter((slot) => slot !== null)
  const taken: Box[] = []
  for (const slot of [...new Set([...wanted, ...onView(tracks, view, now)])]) {
    const track = tracks.at(slot)
    if (track === null) continue
    const at = place(tracks, slot, view, now)
    const lines = writing.lines(track)
    const wide = Math.max(...lines.map((line) => paper.measureText(line).width))
    const [left, top] = [beside(at.x, wide, view.width), inside(at.y, lines.length * LINE_PX, view.height)]
    const box = { left, top, right: left + wide, bottom: top + lines.length * LINE_PX }
    if (!wanted.includes(slot) && taken.some((other) => overlap(box, other))) continue
    taken.push(box)
    for (const [n, line] of lines.entries()) {
      paper.strokeStyle = writing.ground
      paper.lineWidth = 3
      paper.strokeText(line, left, top + n * LINE_PX)
      paper.fillStyle = writing.ink
      paper.fillText(line, left, top + n * LINE_PX)
    }
  }
}

/** Return where a track is on the map, in pixels, in the turn of the world that is nearest. */
export function place(tracks: Tracks, slot: number, view: View, now: number): { x: number; y: number } {
  const at = tracks.reckoned(slot, now)
  const apart = at.x - view.x
  return {
    x: view.width / 2 + (apart - Math.round(apart)) * view.world,
    y: view.height / 2 + (at.y - view.y) * view.world,
  }
}

/** The tracks on view, if they are few; of many none is labelled for being there. */
function onView(tracks: Tracks, view: View, now: number): number[] {
  const found: number[] = []
  for (let slot = 0; slot < tracks.count; slot++) {
    const { x, y } = place(tracks, slot, view, now)
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue
    found.push(slot)
    if (found.length > FEW) return []
  }
  return found
}

/** To the right of a track, and to the left where it would be cut by the map's edge. */
function beside(x: number, wide: number, width: number): number {
  return x + GAP_PX + wide > width && x - GAP_PX - wide >= 0 ? x - GAP_PX - wide : x + GAP_PX
}

/** Level with a track, moved in from the upper and lower edge. */
function inside(y: number, high: number, height: number): number {
  return Math.max(0, Math.min(height - high, y - high / 2))
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
