/** Take a PNG file apart, and leave out what is not the picture: texts, times, Exif, and what lies behind its end. */

import { joined } from '../bytes.ts'
import { onlyOrientation, readExif } from './exif.ts'
import type { Found } from './jpeg.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Chunk = { kind: string; data: Bytes; bytes: Bytes }

const HEAD = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]
/** What is not the picture itself but needed to draw it as it was meant; moving pictures too. */
const DRAWS = new Set(
  'gAMA cHRM sRGB iCCP cICP sBIT bKGD tRNS pHYs hIST sPLT acTL fcTL fdAT mDCV cLLI'.split(' '),
)

export function isPng(bytes: Bytes): boolean {
  return HEAD.every((byte, n) => bytes[n] === byte)
}

/** Return what a PNG says beside its picture; throws `RangeError` where it is none that can be read. */
export function inspectPng(bytes: Bytes): Found {
  const { chunks, rest } = apart(bytes)
  const exif = chunks.find((one) => one.kind === 'eXIf')
  const more = new Set(chunks.filter((one) => !needed(one) && one !== exif).map((one) => one.kind))
  if (rest > 0) more.add(`+${rest} B`)
  return { said: exif === undefined ? null : readExif(exif.data), more: [...more] }
}

/** Return the picture alone. */
export function stripPng(bytes: Bytes): Bytes {
  const { chunks } = apart(bytes)
  const exif = chunks.find((one) => one.kind === 'eXIf')
  const orientation = exif === undefined ? 1 : readExif(exif.data).orientation
  const turned = orientation > 1 && orientation <= 8 ? [chunk('eXIf', onlyOrientation(orientation))] : []
  const [first, ...others] = chunks.filter(needed).map((one) => one.bytes)
  if (first === undefined) throw new RangeError('no picture')
  return joined(bytes.slice(0, 8), first, ...turned, ...others)
}

function needed(one: Chunk): boolean {
  const critical = one.kind.charCodeAt(0) < 97
  return critical || DRAWS.has(one.kind)
}

function apart(bytes: Bytes): { chunks: Chunk[]; rest: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  let at = 8
  while (at < bytes.length) {
    const size = view.getUint32(at)
    const end = at + 12 + size
    if (end > bytes.length) throw new RangeError('cut short')
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    chunks.push({ kind, data: bytes.slice(at + 8, at + 8 + size), bytes: bytes.subarray(at, end) })
    at = end
    if (kind === 'IEND') return { chunks, rest: bytes.length - at }
  }
  throw new RangeError('cut short')
}

function chunk(kind: string, data: Bytes): Bytes {
  const body = joined(
    Uint8Array.from(kind, (letter) => letter.charCodeAt(0)),
    data,
  )
  const whole = new Uint8Array(body.length + 8)
  const view = new DataView(whole.buffer)
  view.setUint32(0, data.length)
  whole.set(body, 4)
  view.setUint32(4 + body.length, crc(body))
  return whole
}

/** The check sum of a chunk, bit by bit: it is taken of thirty bytes. */
function crc(bytes: Bytes): number {
  let left = 0xffffffff
  for (const byte of bytes) {
    left ^= byte
    for (let bit = 0; bit < 8; bit++) left = left & 1 ? (left >>> 1) ^ 0xedb88320 : left >>> 1
  }
  return (left ^ 0xffffffff) >>> 0
}
