/** Write tiles as one PMTiles archive (version 3, clustered, one root directory): the same bytes from the same tiles. */

import { gzipSync } from 'node:zlib'
import { zxyToTileId } from 'pmtiles'

export type Tile = { z: number; x: number; y: number; data: Uint8Array }

const HEADER = 127
const ROOT_FITS = 16_384 - HEADER
const GZIP = 2
const VECTOR = 1

type Entry = { id: number; run: number; offset: number; length: number }

/** Return the archive of some tiles; each distinct content is kept once. */
export function archive(tiles: readonly Tile[], maxZoom: number): Buffer {
  const { entries, contents } = clustered(tiles)
  const root = zipped(directory(entries))
  if (root.length > ROOT_FITS)
    throw new Error(`a root directory of ${root.length} bytes where ${ROOT_FITS} fit`)
  const metadata = zipped(Buffer.from(JSON.stringify({ vector_layers: [] })))
  const head = header(root.length, metadata.length, contents, entries, tiles.length, maxZoom)
  return Buffer.concat([head, root, metadata, ...contents])
}

function clustered(tiles: readonly Tile[]): { entries: Entry[]; contents: Buffer[] } {
  const ordered = tiles.map((tile) => ({ ...tile, id: zxyToTileId(tile.z, tile.x, tile.y) }))
  ordered.sort((a, b) => a.id - b.id)
  const places = new Map<string, { offset: number; length: number }>()
  const contents: Buffer[] = []
  const entries: Entry[] = []
  let end = 0
  for (const tile of ordered) {
    const data = zipped(Buffer.from(tile.data))
    const key = data.toString('base64')
    let place = places.get(key)
    if (place === undefined) {
      place = { offset: end, length: data.length }
      places.set(key, place)
      contents.push(data)
      end += data.length
    }
    const last = entries.at(-1)
    if (last && last.id + last.run === tile.id && last.offset === place.offset) last.run += 1
    else entries.push({ id: tile.id, run: 1, ...place })
  }
  return { entries, contents }
}

/** A directory is columns of varints: ids as differences, run lengths, lengths, and offsets, 0 for "behind the last". */
function directory(entries: readonly Entry[]): Buffer {
  const ids = entries.map((entry, n) => entry.id - (entries[n - 1]?.id ?? 0))
  const offsets = entries.map((entry, n) => {
    const before = entries[n - 1]
    return before && before.offset + before.length === entry.offset ? 0 : entry.offset + 1
  })
  const columns = [ids, entries.map((e) => e.run), entries.map((e) => e.length), offsets]
  return Buffer.from([...varint(entries.length), ...columns.flat().flatMap(varint)])
}

function varint(value: number): number[] {
  const bytes = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128)
  return [...bytes, value]
}

function header(
  root: number,
  metadata: number,
  contents: readonly Buffer[],
  entries: readonly Entry[],
  addressed: number,
  maxZoom: number,
): Buffer {
  const data = contents.reduce((sum, one) => sum + one.length, 0)
  const numbers = [HEADER, root, HEADER + root, metadata, 0, 0, HEADER + root + metadata, data]
  const counts = [addressed, entries.length, contents.length]
  const head = Buffer.alloc(HEADER)
  head.write('PMTiles', 0, 'latin1')
  head.writeUInt8(3, 7)
  for (const [n, value] of [...numbers, ...counts].entries()) head.writeBigUInt64LE(BigInt(value), 8 + 8 * n)
  for (const [n, value] of [1, GZIP, GZIP, VECTOR, 0, maxZoom].entries()) head.writeUInt8(value, 96 + n)
  for (const [n, degrees] of [-180, -85, 180, 85].entries()) head.writeInt32LE(degrees * 1e7, 102 + 4 * n)
  return head
}

function zipped(data: Buffer): Buffer {
  const made = gzipSync(data, { level: 9 })
  made.fill(0, 4, 8) // no time in it
  return made
}
