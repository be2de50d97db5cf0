/** Where the map looks: in the address, else where this browser looked last, else at the world. */

import type { Map } from 'maplibre-gl'
import type { Place } from './chart'
import type { Look } from './socket'

const KEPT = 'quartet.map'
const START: Place = { lng: 10, lat: 30, zoom: 1 }

export const WORLD: Pick<Look, 'bbox' | 'zoom'> = { bbox: [-180, -90, 180, 90], zoom: 0 }

/** Return the place that an address says, null for none. */
export function kept(text: string | null | undefined): Place | null {
  const [lat = NaN, lng = NaN, zoom = NaN] = (text ?? '').split(',').map(Number)
  const sound = Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 22
  return text && sound ? { lat, lng, zoom } : null
}

export function first(asked: string | undefined): Place {
  return kept(asked) ?? kept(localStorage.getItem(KEPT)) ?? START
}

export function remember(at: string): void {
  localStorage.setItem(KEPT, at)
}

/** Return what a map shows, as the node is asked for it. */
export function seenBy(map: Map): Pick<Look, 'bbox' | 'zoom'> {
  const bounds = map.getBounds()
  const [south, north] = [Math.max(-90, bounds.getSouth()), Math.min(90, bounds.getNorth())]
  const wide = bounds.getEast() - bounds.getWest() >= 360
  const [west, east] = wide ? [-180, 180] : [turned(bounds.getWest()), turned(bounds.getEast())]
  return { bbox: [west, south, east, north], zoom: map.getZoom() }
}

/** A longitude of another turn of the world, as one of ours. */
function turned(lng: number): number {
  return ((((lng + 180) % 360) + 360) % 360) - 180
}

/** `47.395,7.091,6.5` */
export function spelt(centre: { lat: number; lng: number }, zoom: number): string {
  return [centre.lat.toFixed(4), turned(centre.lng).toFixed(4), zoom.toFixed(2)].join(',')
}
