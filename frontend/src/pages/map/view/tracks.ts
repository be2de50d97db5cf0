/** The tracks on view, column by column: what the layer, the list and the labels read. Changed by frames alone. */

import { drills } from '../../../lib/drill'
import { TLPS } from '../../../lib/view.svelte'
import { NO_ALTITUDE, NO_COURSE, NO_SPEED, type Frame } from './frame'

export const KINDS = ['unknown', 'pending', 'neutral', 'own'] as const
export type Kind = (typeof KINDS)[number]

/** The kinds that an address names: all of them where it names none. */
export function kindsOf(text: string | undefined): Kind[] {
  const named = (text ?? '').split(',')
  const found = KINDS.filter((kind) => named.includes(kind))
  return found.length ? found : [...KINDS]
}

/** Seconds after which a track is no longer measured but extrapolated, and then stale: it moves no further. */
export const EXTRAPOLATED_S = 12
export const STALE_S = 24

const FEET_A_STEP = 25
const METRES_A_FOOT = 0.3048
const EARTH_M = 40_075_016.686
const START = 1024

export type Track = {
  id: string
  slot: number
  name: string
  /** The member whose track placed it best. */
  source: string
  /** All whose tracks are in it, the best first. */
  sources: readonly string[]
  lon: number
  lat: number
  course: number | null
  speedMps: number | null
  altitudeM: number | null
  /** Milliseconds of the node's time. */
  seen: number
  kind: Kind
  ours: boolean
  /** It is of an exercise, and nobody is there. */
  drill: boolean
  tlp: string
}

/** Web-mercator places, 0 to 1 from west and from north. */
export function mercatorX(lon: number): number {
  return (lon + 180) / 360
}

export function mercatorY(lat: number): number {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}

/** The marking in a track's flags; one that is not known counts as the narrowest. */
function marking(flags: number): string {
  return TLPS[((flags >> 1) & 7) - 1] ?? 'RED'
}

export class Tracks {
  count = 0
  /** How far a frame says that there is more than it holds. */
  cut = false
  seq: number | null = null
  /** The node's time of the newest frame, milliseconds. */
  epoch = 0
  id = new Uint32Array(START)
  x = new Float64Array(START)
  y = new Float64Array(START)
  /** Mercator units a second, eastwards and southwards; 0 where course or speed is not known. */
  vx = new Float64Array(START)
  vy = new Float64Array(START)
  seen = new Float64Array(START)
  course = new Uint16Array(START)
  speed = new Uint16Array(START)
  altitude = new Int16Array(START)
  lon = new Int32Array(START)
  lat = new Int32Array(START)
  kind = new Uint8Array(START)
  flags = new Uint8Array(START)
  /** 1 for what is of an exercise, by its name. */
  drill = new Uint8Array(START)
  private readonly slots = new Map<number, number>()
  private readonly names = new Map<number, { track: string; sources: readonly string[] }>()

  /** Take a frame; false where it builds on one that we do not have: the way must be opened anew. */
  take(frame: Frame): boolean {
    if (!frame.keyframe && frame.base !== this.seq) return false
    if (frame.keyframe) this.clear()
    for (const name of frame.names) this.names.set(name.id, name)
    for (const id of frame.removed) this.drop(id)
    this.fit(this.count + frame.count)
    for (let n = 0; n < frame.count; n++) this.put(frame, n)
    this.seq = frame.seq
    this.epoch = frame.epoch
    this.cut = frame.cut
    return true
  }

  clear(): void {
    this.count = 0
    this.seq = null
    this.slots.clear()
    this.names.clear()
  }

  slotOf(id: string | null): number | null {
    return id === null ? null : (this.slots.get(Number(id)) ?? null)
  }

  /** Return one track in words and units; null once it is gone. */
  at(slot: number | null): Track | null {
    if (slot === null || slot >= this.count) return null
    const id = this.id[slot] ?? 0
    const altitude = this.altitude[slot] ?? NO_ALTITUDE
    const speed = this.speed[slot] ?? NO_SPEED
    const course = this.course[slot] ?? NO_COURSE
    const sources = this.names.get(id)?.sources ?? []
    return {
      id: String(id),
      slot,
      name: this.names.get(id)?.track ?? '',
      source: sources[0] ?? '',
      sources,
      lon: (this.lon[slot] ?? 0) / 1e7,
      lat: (this.lat[slot] ?? 0) / 1e7,
      course: course === NO_COURSE ? null : course / 100,
      speedMps: speed === NO_SPEED ? null : speed / 10,
      altitudeM: altitude === NO_ALTITUDE ? null : altitude * FEET_A_STEP * METRES_A_FOOT,
      seen: this.seen[slot] ?? 0,
      kind: KINDS[this.kind[slot] ?? 0] ?? 'unknown',
      ours: ((this.flags[slot] ?? 0) & 1) !== 0,
      drill: this.drill[slot] === 1,
      tlp: marking(this.flags[slot] ?? 0),
    }
  }

  /** The markings of all that is held. */
  markings(): string[] {
    const found = new Set<number>()
    for (let slot = 0; slot < this.count; slot++) found.add((this.flags[slot] ?? 0) >> 1)
    return [...found].map((one) => marking(one << 1))
  }

  /** How many there are of each kind, in the order of `KINDS`. */
  kinds(): number[] {
    const found = KINDS.map(() => 0)
    for (let slot = 0; slot < this.count; slot++) {
      const kind = this.kind[slot] ?? 0
      found[kind] = (found[kind] ?? 0) + 1
    }
    return found
  }

  /** How many are of an exercise. */
  drills(): number {
    return this.drill.subarray(0, this.count).reduce((sum, one) => sum + one, 0)
  }

  nameAt(slot: number): string {
    return this.names.get(this.id[slot] ?? 0)?.track ?? ''
  }

  /** Return where a track is by dead reckoning, and how old what is known of it is, in seconds. */
  reckoned(slot: number, now: number): { x: number; y: number; age: number } {
    const age = Math.max(0, (now - (this.seen[slot] ?? 0)) / 1000)
    const ahead = Math.min(age, STALE_S)
    return {
      x: (this.x[slot] ?? 0) + (this.vx[slot] ?? 0) * ahead,
      y: (this.y[slot] ?? 0) + (this.vy[slot] ?? 0) * ahead,
      age,
    }
  }

  private put(frame: Frame, n: number): void {
    const id = frame.id[n] ?? 0
    let slot = this.slots.get(id)
    if (slot === undefined) {
      slot = this.count++
      this.slots.set(id, slot)
      this.id[slot] = id
    }
    const [lon, lat] = [frame.lon[n] ?? 0, frame.lat[n] ?? 0]
    const [course, speed] = [frame.course[n] ?? NO_COURSE, frame.speed[n] ?? NO_SPEED]
    this.lon[slot] = lon
    this.lat[slot] = lat
    this.x[slot] = mercatorX(lon / 1e7)
    this.y[slot] = mercatorY(lat / 1e7)
    this.course[slot] = course
    this.speed[slot] = speed
    this.altitude[slot] = frame.altitude[n] ?? NO_ALTITUDE
    this.seen[slot] = frame.epoch - (frame.age[n] ?? 0) * 10
    this.kind[slot] = frame.kind[n] ?? 0
    this.flags[slot] = frame.flags[n] ?? 0
    this.drill[slot] = Number(drills(this.names.get(id)?.track ?? ''))
    const known = course !== NO_COURSE && speed !== NO_SPEED
    const scale = known ? speed / 10 / (EARTH_M * Math.cos((lat / 1e7 / 180) * Math.PI)) : 0
    const angle = (course / 100 / 180) * Math.PI
    this.vx[slot] = known ? Math.sin(angle) * scale : 0
    this.vy[slot] = known ? -Math.cos(angle) * scale : 0
  }

  /** The last track takes the place of the one that goes. */
  private drop(id: number): void {
    const slot = this.slots.get(id)
    if (slot === undefined) return
    const last = --this.count
    this.slots.delete(id)
    this.names.delete(id)
    if (slot === last) return
    for (const column of this.columns()) column[slot] = column[last] ?? 0
    this.slots.set(this.id[slot] ?? 0, slot)
  }

  private columns() {
    return [
      ...[this.id, this.x, this.y, this.vx, this.vy, this.seen, this.course, this.speed, this.altitude],
      ...[this.lon, this.lat, this.kind, this.flags, this.drill],
    ]
  }

  private fit(wanted: number): void {
    if (wanted <= this.id.length) return
    const size = 2 ** Math.ceil(Math.log2(wanted))
    const grown = <A extends { set(from: A): void }>(from: A, kind: new (n: number) => A): A => {
      const made = new kind(size)
      made.set(from)
      return made
    }
    this.id = grown(this.id, Uint32Array)
    this.x = grown(this.x, Float64Array)
    this.y = grown(this.y, Float64Array)
    this.vx = grown(this.vx, Float64Array)
    this.vy = grown(this.vy, Float64Array)
    this.seen = grown(this.seen, Float64Array)
    this.course = grown(this.course, Uint16Array)
    this.speed = grown(this.speed, Uint16Array)
    this.altitude = grown(this.altitude, Int16Array)
    this.lon = grown(this.lon, Int32Array)
    this.lat = grown(this.lat, Int32Array)
    this.kind = grown(this.kind, Uint8Array)
    this.flags = grown(this.flags, Uint8Array)
    this.drill = grown(this.drill, Uint8Array)
  }
}
