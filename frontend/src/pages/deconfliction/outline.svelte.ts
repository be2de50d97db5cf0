/** The outline that an officer notifies: kept at this browser as she types, and sent once under its word. */

import { ask } from '../../lib/api'
import { begun, hold } from '../../lib/begun'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import type { Outline } from '../../lib/types'
import { utcOf } from '../../lib/utc'

export const EDGES = ['south', 'west', 'north', 'east'] as const
export const HEIGHTS = ['floor', 'ceiling'] as const
export type Field =
  (typeof EDGES)[number] | (typeof HEIGHTS)[number] | 'begins' | 'ends' | 'contact' | 'title'

const NAME = 'activity'
const NUMBER = /^\s*-?\d{1,3}(\.\d+)?\s*$/
const METRES = /^\s*-?\d{1,6}\s*$/
const EMPTY = {
  south: '',
  west: '',
  north: '',
  east: '',
  floor: '',
  ceiling: '',
  begins: '',
  ends: '',
  contact: '',
  title: '',
  desk: '',
}

export class Outlining {
  fields = $state<Record<Field | 'desk', string>>({ ...EMPTY })
  tlp = $state<'' | 'AMBER' | 'AMBER+STRICT'>('')
  ready = $state(false)
  readonly keepOn = asItChanges(() => hold(NAME, this.empty ? null : $state.snapshot(this.fields)))
  private once = onceWord()

  async takeUp(): Promise<void> {
    const left = await begun<Record<Field | 'desk', string>>(NAME)
    if (left !== null && this.empty) this.fields = { ...EMPTY, ...left }
    this.ready = true
  }

  get empty(): boolean {
    return Object.values(this.fields).every((one) => one.trim() === '')
  }

  /** What is upside down: the name of a message, or nothing. */
  get wrong(): 'wrong_area' | 'wrong_height' | 'wrong_time' | null {
    const { south, north, floor, ceiling, begins, ends } = this.fields
    if (degrees(south) > degrees(north)) return 'wrong_area'
    if (metres(floor) > metres(ceiling)) return 'wrong_height'
    return utcOf(begins) >= utcOf(ends) ? 'wrong_time' : null
  }

  /** As the node takes it; null while something is missing. */
  get whole(): Outline | null {
    const { desk, begins, ends, contact, title } = this.fields
    const [south, west, north, east] = EDGES.map((edge) => degrees(this.fields[edge]))
    const [floor_m, ceiling_m] = HEIGHTS.map((height) => metres(this.fields[height]))
    const numbers = [south, west, north, east, floor_m, ceiling_m, utcOf(begins), utcOf(ends)]
    if (numbers.some((one) => one === undefined || Number.isNaN(one)) || this.wrong) return null
    if (desk === '' || this.tlp === '' || contact.trim() === '' || title.trim() === '') return null
    return {
      desk,
      tlp: this.tlp,
      box: { south: south ?? 0, west: west ?? 0, north: north ?? 0, east: east ?? 0 },
      floor_m: floor_m ?? 0,
      ceiling_m: ceiling_m ?? 0,
      begins: new Date(utcOf(begins)).toISOString(),
      ends: new Date(utcOf(ends)).toISOString(),
      contact: contact.trim(),
      title: title.trim(),
      once: this.once,
    }
  }

  async send(outline: Outline): Promise<void> {
    await ask('post', '/api/deconfliction/activities', { body: outline })
    this.fields = { ...EMPTY }
    this.tlp = ''
    this.once = onceWord()
    await hold(NAME, null)
  }
}

function degrees(text: string): number {
  return NUMBER.test(text) ? Number(text) : NaN
}

function metres(text: string): number {
  return METRES.test(text) ? Number(text) : NaN
}
