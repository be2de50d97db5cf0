/** The map's colours, by the names that the page's style gives them in each appearance. */

import type { Colours } from './layer'

const NAMES = ['water', 'land', 'border', 'name', 'halo'] as const
export type Palette = Record<(typeof NAMES)[number], string> & {
  tracks: Colours
  ink: string
  good: string
  alarm: string
}

/** Return the colours in force where an element stands. */
export function palette(element: Element): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const ground = Object.fromEntries(NAMES.map((name) => [name, colour(`--map-${name}`)]))
  const kinds = {
    unknown: colour('--track-unknown'),
    pending: colour('--track-pending'),
    neutral: colour('--track-neutral'),
    own: colour('--track-own'),
  }
  const tracks = { kinds, edge: colour('--track-edge'), ring: colour('--ring') }
  return {
    ...(ground as Record<(typeof NAMES)[number], string>),
    tracks,
    ink: colour('--ink'),
    good: colour('--good'),
    alarm: colour('--alarm'),
  }
}
