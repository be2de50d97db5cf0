/** How heights, speeds and places are written; this browser remembers what its officer chose. */

import { mgrs } from './mgrs'

export const HEIGHTS = ['ft', 'FL', 'm'] as const
export const SPEEDS = ['kt', 'km/h'] as const
export const PLACES = ['DMS', 'decimal', 'MGRS'] as const
export type Units = {
  height: (typeof HEIGHTS)[number]
  speed: (typeof SPEEDS)[number]
  place: (typeof PLACES)[number]
}

const KEPT = 'quartet.units'
const METRES_A_FOOT = 0.3048
const KNOTS = 3600 / 1852

let current = $state<Units>(first())

export function units(): Units {
  return current
}

export function choose(change: Partial<Units>): void {
  current = { ...current, ...change }
  localStorage.setItem(KEPT, JSON.stringify(current))
}

/** `35000 ft`, `FL350`, `10670 m` */
export function height(metres: number): string {
  if (current.height === 'm') return `${Math.round(metres / 10) * 10} m`
  const feet = Math.round(metres / METRES_A_FOOT / 25) * 25
  return current.height === 'ft' ? `${feet} ft` : `FL${String(Math.round(feet / 100)).padStart(3, '0')}`
}

/** Metres of a height in the chosen unit. */
export function metresOf(value: number): number {
  if (current.height === 'm') return value
  return value * METRES_A_FOOT * (current.height === 'FL' ? 100 : 1)
}

/** A height of so many metres as a number of the chosen unit. */
export function valueOf(metres: number): number {
  return Math.round(metres / metresOf(1))
}

/** `443 kt`, `820 km/h` */
export function speed(mps: number): string {
  return current.speed === 'kt' ? `${Math.round(mps * KNOTS)} kt` : `${Math.round(mps * 3.6)} km/h`
}

/** `47°23'43"N 007°05'29"E`, `47.39534, 7.09133`, `32T LT 55968 50864`; near the poles no grid but degrees. */
export function place(lat: number, lon: number): string {
  if (current.place === 'decimal') return `${lat.toFixed(5)}, ${lon.toFixed(5)}`
  const grid = current.place === 'MGRS' ? mgrs(lat, lon) : null
  return grid ?? `${sexagesimal(lat, 2, 'NS')} ${sexagesimal(lon, 3, 'EW')}`
}

/** `324°` */
export function course(degrees: number): string {
  return `${String(Math.round(degrees) % 360).padStart(3, '0')}°`
}

function sexagesimal(value: number, digits: number, sides: string): string {
  const seconds = Math.round(Math.abs(value) * 3600)
  const two = (n: number): string => String(n).padStart(2, '0')
  const degrees = String(Math.floor(seconds / 3600)).padStart(digits, '0')
  return `${degrees}°${two(Math.floor(seconds / 60) % 60)}'${two(seconds % 60)}"${sides[value < 0 ? 1 : 0]}`
}

function first(): Units {
  const standard: Units = { height: 'FL', speed: 'kt', place: 'DMS' }
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Record<keyof Units, string>>
    return {
      height: HEIGHTS.find((one) => one === kept.height) ?? standard.height,
      speed: SPEEDS.find((one) => one === kept.speed) ?? standard.speed,
      place: PLACES.find((one) => one === kept.place) ?? standard.place,
    }
  } catch {
    return standard
  }
}
