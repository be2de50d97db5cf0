/** Read what a camera wrote beside a picture: where, when, with what. TIFF tags, as Exif 2.32 has them. */

export type Said = {
  /** Degrees, north and east. */
  position: { lat: number; lon: number } | null
  taken: string | null
  device: string | null
  /** Which way up the picture is; 1 is as it lies. */
  orientation: number
  /** How many entries there are beside the orientation, whatever they say. */
  entries: number
}

const MOST = 512
const SIZES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 9: 4, 10: 8 }
const [MAKE, MODEL, ORIENTATION, CHANGED, EXIF, GPS] = [0x10f, 0x110, 0x112, 0x132, 0x8769, 0x8825]
const [ORIGINAL, SERIAL] = [0x9003, 0xa431]
const [LAT_REF, LAT, LON_REF, LON] = [1, 2, 3, 4]

type Entry = { type: number; count: number; at: number }
type Entries = Map<number, Entry>

/** Return what TIFF bytes say; throws `RangeError` where they are no TIFF. */
export function readExif(bytes: Uint8Array): Said {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const order = view.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) throw new RangeError('no TIFF')
  const tiff = new Tiff(view, order === 0x4949)
  const main = tiff.entries(tiff.whole(4))
  const camera = tiff.below(main, EXIF)
  const place = tiff.below(main, GPS)
  const device = [tiff.text(main, MAKE), tiff.text(main, MODEL), tiff.text(camera, SERIAL)]
  return {
    position: positionOf(tiff, place),
    taken: tiff.text(camera, ORIGINAL) ?? tiff.text(main, CHANGED),
    device: device.filter((word) => word !== null).join(' ') || null,
    orientation: tiff.short(main, ORIENTATION) ?? 1,
    entries: main.size + camera.size + place.size - (main.has(ORIENTATION) ? 1 : 0),
  }
}

/** Return the TIFF bytes that say which way up a picture is, and nothing else. */
export function onlyOrientation(orientation: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
    ...[ORIENTATION >> 8, ORIENTATION & 255, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  )
}

function positionOf(tiff: Tiff, place: Entries): Said['position'] {
  const [lat, lon] = [tiff.degrees(place, LAT), tiff.degrees(place, LON)]
  if (lat === null || lon === null) return null
  const south = tiff.text(place, LAT_REF)?.startsWith('S')
  const west = tiff.text(place, LON_REF)?.startsWith('W')
  return { lat: south ? -lat : lat, lon: west ? -lon : lon }
}

class Tiff {
  private readonly view: DataView
  private readonly little: boolean

  constructor(view: DataView, little: boolean) {
    this.view = view
    this.little = little
  }

  whole(at: number): number {
    return this.view.getUint32(at, this.little)
  }

  entries(at: number): Entries {
    const count = Math.min(MOST, this.view.getUint16(at, this.little))
    const found: Entries = new Map()
    for (let n = 0; n < count; n++) {
      const place = at + 2 + 12 * n
      const type = this.view.getUint16(place + 2, this.little)
      const many = this.whole(place + 4)
      const inside = many * (SIZES[type] ?? 1) <= 4
      const tag = this.view.getUint16(place, this.little)
      found.set(tag, { type, count: many, at: inside ? place + 8 : this.whole(place + 8) })
    }
    return found
  }

  /** What a directory below says; one that leads out of the file says nothing that can be read. */
  below(entries: Entries, tag: number): Entries {
    const found = entries.get(tag)
    return found === undefined ? new Map() : this.entries(this.whole(found.at))
  }

  text(entries: Entries, tag: number): string | null {
    const found = entries.get(tag)
    if (found === undefined) return null
    const bytes = Array.from({ length: Math.min(found.count, 256) }, (_, n) =>
      this.view.getUint8(found.at + n),
    )
    const letters = bytes.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ' '))
    return letters.join('').trim() || null
  }

  short(entries: Entries, tag: number): number | null {
    const found = entries.get(tag)
    return found === undefined ? null : this.view.getUint16(found.at, this.little)
  }

  degrees(entries: Entries, tag: number): number | null {
    const found = entries.get(tag)
    if (found === undefined || found.count < 3) return null
    const [d, m, s] = [0, 8, 16].map((step) => this.ratio(found.at + step))
    const degrees = (d ?? 0) + (m ?? 0) / 60 + (s ?? 0) / 3600
    return Number.isFinite(degrees) ? degrees : null
  }

  private ratio(at: number): number {
    const below = this.whole(at + 4)
    return below === 0 ? 0 : this.whole(at) / below
  }
}
