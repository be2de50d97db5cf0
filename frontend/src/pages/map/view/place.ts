/** Where the map looks: in the address, else where this browser looked last, else at the world. */

import type { Place } from './chart'

const KEPT = 'quartet.map'
const WORLD: Place = { lng: 10, lat: 30, zoom: 1 }

/** Return the place that an address says, null for none. */
export function kept(text: string | null | undefined): Place | null {
  const [lat = NaN, lng = NaN, zoom = NaN] = (text ?? '').split(',').map(Number)
  const sound = Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 22
  return text && sound ? { lat, lng, zoom } : null
}

export function first(asked: string | undefined): Place {
  return kept(asked) ?? kept(localStorage.getItem(KEPT)) ?? WORLD
}

export function remember(at: string): void {
  localStorage.setItem(KEPT, at)
}

/** `47.395,7.091,6.5` */
export function spelt(centre: { lat: number; lng: number }, zoom: number): string {
  const lng = ((((centre.lng + 180) % 360) + 360) % 360) - 180
  return [centre.lat.toFixed(4), lng.toFixed(4), zoom.toFixed(2)].join(',')
}
