/** Take a JPEG file apart, and leave out what is not the picture. No pixel is touched: segments are copied or left.
 *
 * Kept are the picture, its colours (ICC, Adobe) and which way up it is. Left out are Exif, XMP, IPTC, comments,
 * thumbnails, and whatever lies behind the picture's end: other pictures, films, sound.
 */

import { joined } from '../bytes.ts'
import { onlyOrientation, readExif, type Said } from './exif.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Segment = { marker: number; bytes: Bytes }

export type Found = { said: Said | null; more: string[] }

const [SOI, EOI, SOS, APP0, APP1, APP2, APP14, APP15, COM] = [
  0xd8, 0xd9, 0xda, 0xe0, 0xe1, 0xe2, 0xee, 0xef, 0xfe,
]

export function isJpeg(bytes: Bytes): boolean {
  return bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff
}

/** Return what a JPEG says beside its picture; throws `RangeError` where it is none that can be read. */
export function inspectJpeg(bytes: Bytes): Found {
  const { segments, rest } = apart(bytes)
  let said: Said | null = null
  const more = new Set<string>()
  for (const one of segments) {
    if (isExif(one)) {
      said = readExif(one.bytes.subarray(10))
      continue
    }
    if (!needed(one)) more.add(begins(one, 'http://ns.adobe.com/xap') ? 'XMP' : named(one))
    if (one.marker === APP0 && thumbnail(one)) more.add('thumbnail')
  }
  if (rest > 0) more.add(`+${rest} B`)
  return { said, more: [...more] }
}

/** Return the picture alone. */
export function stripJpeg(bytes: Bytes): Bytes {
  const { segments } = apart(bytes)
  const exif = segments.find(isExif)
  const orientation = exif === undefined ? 1 : readExif(exif.bytes.subarray(10)).orientation
  const kept = segments.filter(needed).map((one) => (one.marker === APP0 ? plain(one.bytes) : one.bytes))
  const first = kept.findIndex((one) => one[1] !== SOI && one[1] !== APP0)
  const turned = orientation > 1 && orientation <= 8 ? [exifSegment(orientation)] : []
  return joined(...kept.slice(0, first), ...turned, ...kept.slice(first))
}

function needed(one: Segment): boolean {
  if (one.marker === COM) return false
  if (one.marker < APP0 || one.marker > APP15) return true
  if (one.marker === APP0) return begins(one, 'JFIF\0')
  if (one.marker === APP2) return begins(one, 'ICC_PROFILE\0')
  return one.marker === APP14 && begins(one, 'Adobe')
}

/** Cut a file into its segments; what follows a scan's head belongs to it. `rest` is how much lies behind the end. */
function apart(bytes: Bytes): { segments: Segment[]; rest: number } {
  const segments: Segment[] = [{ marker: SOI, bytes: bytes.subarray(0, 2) }]
  let at = 2
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) throw new RangeError('no marker')
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    const end = marker === EOI ? at + 2 : endOf(bytes, at, marker)
    segments.push({ marker, bytes: bytes.subarray(at, end) })
    at = end
    if (marker === EOI) return { segments, rest: bytes.length - at }
  }
  throw new RangeError('cut short')
}

function endOf(bytes: Bytes, at: number, marker: number): number {
  const size = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  if (size < 2) throw new RangeError('no length')
  let end = at + 2 + size
  if (marker === SOS) while (end < bytes.length && !marks(bytes, end)) end += 1
  if (end > bytes.length) throw new RangeError('cut short')
  return end
}

/** Whether a marker stands here that ends a scan: no stuffed byte, and no restart. */
function marks(bytes: Bytes, at: number): boolean {
  const next = bytes[at + 1] ?? 0
  return bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)
}

function isExif(one: Segment): boolean {
  return one.marker === APP1 && begins(one, 'Exif\0\0')
}

function begins(one: Segment, word: string): boolean {
  return [...word].every((letter, n) => one.bytes[4 + n] === letter.charCodeAt(0))
}

function named(one: Segment): string {
  return one.marker === COM ? 'comment' : `APP${one.marker - APP0}`
}

function thumbnail(one: Segment): boolean {
  return one.bytes.length > 18
}

/** A JFIF head without its thumbnail. */
function plain(bytes: Bytes): Bytes {
  const head = bytes.slice(0, 18)
  head.set([0, 16], 2)
  head.set([0, 0], 16)
  return head
}

function exifSegment(orientation: number): Bytes {
  const tiff = onlyOrientation(orientation)
  const head = Uint8Array.of(0xff, APP1, 0, tiff.length + 8, 0x45, 0x78, 0x69, 0x66, 0, 0)
  return joined(head, tiff)
}
