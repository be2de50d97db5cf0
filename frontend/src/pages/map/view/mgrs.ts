/** Places in the military grid (MGRS): WGS 84, transverse Mercator by Krüger's series, to the metre. */

const RADIUS = 6378137
const FLATTENING = 1 / 298.257223563
const SCALE = 0.9996
const BANDS = 'CDEFGHJKLMNPQRSTUVWX'
const COLUMNS = ['STUVWXYZ', 'ABCDEFGH', 'JKLMNPQR']
const ROWS = 'ABCDEFGHJKLMNPQRSTUV'

const N = FLATTENING / (2 - FLATTENING)
const MERIDIAN = (RADIUS / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64)
/** Krüger's alpha, to the third power of n: good to a millimetre within a zone. */
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3,
  (61 / 240) * N ** 3,
] as const

/** `32T MT 65233 49312`; null beyond 80°S and 84°N, where the grid is another. The digits are cut, not rounded. */
export function mgrs(lat: number, lon: number): string | null {
  if (lat < -80 || lat > 84) return null
  const zone = zoneOf(lat, lon)
  const [easting, northing] = projected(lat, lon - (zone * 6 - 183))
  const band = BANDS[Math.min(19, Math.floor((lat + 80) / 8))] ?? ''
  const column = COLUMNS[zone % 3]?.[Math.floor(easting / 1e5) - 1] ?? ''
  const row = ROWS[(Math.floor(northing / 1e5) + (zone % 2 ? 0 : 5)) % 20] ?? ''
  return `${String(zone).padStart(2, '0')}${band} ${column}${row} ${five(easting)} ${five(northing)}`
}

/** Norway's and Svalbard's zones are wider than six degrees, so that neither is cut. */
function zoneOf(lat: number, lon: number): number {
  if (lat >= 56 && lat < 64 && lon >= 3 && lon < 12) return 32
  if (lat >= 72 && lon >= 0 && lon < 42) return lon < 9 ? 31 : lon < 21 ? 33 : lon < 33 ? 35 : 37
  return (Math.floor((lon + 180) / 6) % 60) + 1
}

/** Easting and northing in metres, `east` degrees from the zone's middle. */
function projected(lat: number, east: number): [number, number] {
  const [phi, lambda] = [(lat * Math.PI) / 180, (east * Math.PI) / 180]
  const k = (2 * Math.sqrt(N)) / (1 + N)
  const t = Math.sinh(Math.atanh(Math.sin(phi)) - k * Math.atanh(k * Math.sin(phi)))
  const xi = Math.atan2(t, Math.cos(lambda))
  const eta = Math.atanh(Math.sin(lambda) / Math.hypot(1, t))
  let [x, y] = [eta, xi]
  ALPHA.forEach((alpha, i) => {
    const j = 2 * (i + 1)
    x += alpha * Math.cos(j * xi) * Math.sinh(j * eta)
    y += alpha * Math.sin(j * xi) * Math.cosh(j * eta)
  })
  return [5e5 + SCALE * MERIDIAN * x, (lat < 0 ? 1e7 : 0) + SCALE * MERIDIAN * y]
}

function five(metres: number): string {
  return String(Math.floor(metres) % 100_000).padStart(5, '0')
}
