/** Cells of a sensor's coverage: by azimuth from north clockwise, and by distance. */

import type { CoverageView } from '../../lib/types'

export type Cell = { sector: number; ring: number; bands: number }
/** Eight directions, as a table tells them. */
export const EIGHTHS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const
const METRES_A_NM = 1852

/** Whether something was seen in a cell: in one band, or in any of them. */
export function seenIn(cell: Cell, band: number | null): boolean {
  return band === null ? cell.bands > 0 : (cell.bands & (1 << band)) !== 0
}

/** The outline of a cell as an SVG path: a piece of a ring about 0 0, where one ring is one unit. */
export function outline(cell: Cell, sectors: number): string {
  const [from, to] = [(cell.sector / sectors) * 2 * Math.PI, ((cell.sector + 1) / sectors) * 2 * Math.PI]
  const at = (radius: number, angle: number): string =>
    `${(radius * Math.sin(angle)).toFixed(3)} ${(-radius * Math.cos(angle)).toFixed(3)}`
  const [near, far] = [cell.ring, cell.ring + 1]
  return `M${at(near, from)}L${at(far, from)}A${far} ${far} 0 0 1 ${at(far, to)}L${at(near, to)}A${near} ${near} 0 0 0 ${at(near, from)}Z`
}

/** How many rings there are to draw: as far as anything was seen, and four at least. */
export function reach(cells: readonly Cell[]): number {
  return Math.max(4, ...cells.map((cell) => cell.ring + 1))
}

/** What a table says of each direction: how far it sees there, in nautical miles, and how many gaps there are. */
export function byDirection(view: CoverageView): { name: string; reach: number; gaps: number }[] {
  return EIGHTHS.map((name, n) => {
    const within = view.cells.filter(
      (cell) => Math.floor((((cell.sector + 0.5) / view.sectors) * 8 + 0.5) % 8) === n,
    )
    const far = Math.max(0, ...within.filter((cell) => cell.bands > 0).map((cell) => cell.ring + 1))
    return { name, reach: miles(far * view.ring_m), gaps: within.filter((cell) => cell.bands === 0).length }
  })
}

export function miles(metres: number): number {
  return Math.round(metres / METRES_A_NM)
}
