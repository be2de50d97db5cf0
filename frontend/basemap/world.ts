/** The world as the map shows it: land, borders, and the names of countries in the console's languages.
 *
 * Land and borders are Natural Earth's (public domain), from `world-atlas`; names are Unicode CLDR's, which Node has.
 * A border is dashed where states do not agree on it: the map takes nobody's side. Nothing else is told of a dispute.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { feature, mesh } from 'topojson-client'
import { LANGUAGES } from '../messages.plugin.ts'

type Country = { id?: string | number | undefined }
type Ring = number[][]
export type Layers = Record<'land' | 'border' | 'disputed' | 'place', GeoJSON.FeatureCollection>

/** Who do not agree on the border between them, or on part of it; reviewed by hand, ISO 3166. */
const DISPUTED = new Set(
  (
    'AF-PK AM-AZ BT-CN BZ-GT CN-IN CN-PK EG-SD EH-MA ER-ET ET-SO GE-RU GF-SR GY-SR GY-VE ' +
    'IL-LB IL-PS IL-SY IN-NP IN-PK KE-SS KH-TH KP-KR RU-UA SD-SS'
  ).split(' '),
)

const read = createRequire(import.meta.url)

/** Return the world's layers. */
export function world(): Layers {
  const topology = JSON.parse(readFileSync(read.resolve('world-atlas/countries-10m.json'), 'utf8'))
  const countries = topology.objects.countries
  const line = (wanted: boolean) =>
    collection([
      plain(mesh(topology, countries, (a: Country, b: Country) => a !== b && disputed(a, b) === wanted)),
    ])
  const shapes = (feature(topology, countries) as unknown as GeoJSON.FeatureCollection).features
  return {
    land: collection([
      plain(
        (feature(topology, topology.objects.land) as never as { features: GeoJSON.Feature[] }).features[0]!
          .geometry,
      ),
    ]),
    border: line(false),
    disputed: line(true),
    place: collection(shapes.flatMap(place)),
  }
}

/** A land without a code of its own is one that not all recognise. */
function disputed(a: Country, b: Country): boolean {
  const codes = [code(a), code(b)]
  if (codes.includes(null)) return true
  return DISPUTED.has(codes.join('-')) || DISPUTED.has(codes.reverse().join('-'))
}

/** The two letters of a country, from its number. */
function code(country: Country): string | null {
  return country.id === undefined ? null : (new Intl.Locale(`und-${country.id}`).region ?? null)
}

function place(shape: GeoJSON.Feature): GeoJSON.Feature[] {
  const region = code(shape)
  const rings = ringsOf(shape.geometry)
  if (region === null || rings.length === 0) return []
  const largest = rings.reduce((best, ring) => (Math.abs(area(ring)) > Math.abs(area(best)) ? ring : best))
  const names = LANGUAGES.map((l) => [l, new Intl.DisplayNames(l, { type: 'region' }).of(region) ?? region])
  const size = Math.round(Math.abs(area(largest)) * 1000)
  return [
    {
      type: 'Feature',
      properties: { ...Object.fromEntries(names), size },
      geometry: { type: 'Point', coordinates: centre(largest) },
    },
  ]
}

function ringsOf(geometry: GeoJSON.Geometry): Ring[] {
  if (geometry.type === 'Polygon') return [geometry.coordinates[0] ?? []]
  return geometry.type === 'MultiPolygon' ? geometry.coordinates.map((one) => one[0] ?? []) : []
}

/** The area on a sphere, in square degrees of the equator. */
function area(ring: Ring): number {
  const sine = (y: number): number => Math.sin((y * Math.PI) / 180)
  let sum = 0
  for (const [n, [x = 0, y = 0]] of ring.entries()) {
    const [nextX = 0, nextY = 0] = ring[(n + 1) % ring.length] ?? []
    sum += ((nextX - x) * (sine(y) + sine(nextY))) / 2
  }
  return (sum * 180) / Math.PI
}

/** The middle of the widest stretch on the parallel through the middle of a ring: always inside, whatever its shape. */
function centre(ring: Ring): [number, number] {
  const ys = ring.map(([, y = 0]) => y)
  let best: { width: number; at: [number, number] } = {
    width: -1,
    at: [ring[0]?.[0] ?? 0, ring[0]?.[1] ?? 0],
  }
  for (const part of [0.5, 0.4, 0.6]) {
    const y = Math.min(...ys) + part * (Math.max(...ys) - Math.min(...ys)) + 1e-9
    const cuts = crossings(ring, y)
    for (let n = 0; n + 1 < cuts.length; n += 2) {
      const [from = 0, to = 0] = [cuts[n], cuts[n + 1]]
      if (to - from > best.width * 1.15) best = { width: to - from, at: [(from + to) / 2, y] }
    }
  }
  return best.at
}

function crossings(ring: Ring, y: number): number[] {
  const found: number[] = []
  for (const [n, [x1 = 0, y1 = 0]] of ring.entries()) {
    const [x2 = 0, y2 = 0] = ring[(n + 1) % ring.length] ?? []
    if (y1 < y !== y2 < y) found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
  }
  return found.sort((a, b) => a - b)
}

function plain(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: 'Feature', properties: {}, geometry }
}

function collection(features: GeoJSON.Feature[]): GeoJSON.FeatureCollection {
  return { type: 'FeatureCollection', features }
}
