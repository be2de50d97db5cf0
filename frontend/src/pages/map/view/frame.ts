/** Read a live frame's bytes; `docs/reference/track-socket.md` has every field. Columns are read where they lie. */

const MAGIC = 0x4b525451 // QTRK, little-endian
const VERSION = 1
const HEADER = 40
const ROW = 22
const CUT = 1
const PAST = 2

export const NO_COURSE = 0xffff
export const NO_SPEED = 0xffff
export const NO_ALTITUDE = -0x8000

export type Frame = {
  keyframe: boolean
  cut: boolean
  /** This was, and is not now. */
  past: boolean
  seq: number
  base: number
  /** Milliseconds since 1970, the node's time. */
  epoch: number
  count: number
  id: Uint32Array
  lon: Int32Array
  lat: Int32Array
  course: Uint16Array
  speed: Uint16Array
  altitude: Int16Array
  age: Uint16Array
  kind: Uint8Array
  flags: Uint8Array
  removed: Uint32Array
  /** The members whose tracks are in it, the best first. */
  names: { id: number; track: string; sources: string[] }[]
}

/** Return the frame that these bytes spell, or throw: our own node said something that we cannot read. */
export function readFrame(data: ArrayBuffer): Frame {
  const view = new DataView(data)
  if (data.byteLength < HEADER || view.getUint32(0, true) !== MAGIC || view.getUint8(4) !== VERSION)
    throw new Error('a frame of another version')
  const count = view.getUint32(8, true)
  const gone = view.getUint32(12, true)
  const named = view.getUint32(16, true)
  let at = HEADER
  const column = <A>(kind: {
    new (d: ArrayBuffer, at: number, n: number): A
    BYTES_PER_ELEMENT: number
  }): A => {
    const made = new kind(data, at, count)
    at += count * kind.BYTES_PER_ELEMENT
    return made
  }
  const columns = {
    id: column(Uint32Array),
    lon: column(Int32Array),
    lat: column(Int32Array),
    course: column(Uint16Array),
    speed: column(Uint16Array),
    altitude: column(Int16Array),
    age: column(Uint16Array),
    kind: column(Uint8Array),
    flags: column(Uint8Array),
  }
  at += (4 - ((count * ROW) % 4)) % 4
  return {
    ...columns,
    keyframe: view.getUint8(5) === 1,
    cut: (view.getUint16(6, true) & CUT) !== 0,
    past: (view.getUint16(6, true) & PAST) !== 0,
    seq: view.getUint32(20, true),
    base: view.getUint32(24, true),
    epoch: Number(view.getBigInt64(32, true)) / 1000,
    count,
    removed: new Uint32Array(data, at, gone),
    names: readNames(view, at + 4 * gone, named),
  }
}

const text = new TextDecoder()

function readNames(view: DataView, start: number, count: number): Frame['names'] {
  let at = start
  const word = (): string => {
    const length = view.getUint8(at)
    const said = text.decode(new Uint8Array(view.buffer, at + 1, length))
    at += 1 + length
    return said
  }
  return Array.from({ length: count }, () => {
    const id = view.getUint32(at, true)
    at += 4
    return { id, track: word(), sources: word().split(' ') }
  })
}
