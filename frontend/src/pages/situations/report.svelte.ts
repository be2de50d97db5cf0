/** The situation report that an officer writes: the whole of it, once. Kept at this browser as she types. */

import { Refused } from '../../lib/api'
import { begun, hold } from '../../lib/begun'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import type { Draft, WholeReport } from '../../lib/types'
import { utcOf } from '../../lib/utc'

export const LABELS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT'] as const
export const [MOST_WORDINGS, MOST_PARTS, MOST_AUDIENCES] = [4, 64, 16]
const NAME = 'situation'

export type Wording = {
  heading: string
  text: string
  /** Never chosen for her. */
  tlp: (typeof LABELS)[number] | ''
  /** Whether it is for some members at most, and for which. */
  some: boolean
  to: string[]
  contains: string[]
  cites: string[]
}
export type Part = { wordings: Wording[] }
type Left = {
  title: string
  cutOff: string
  basis: string[]
  parts: Part[]
  audiences: string[][]
  own: boolean
  precedence: NonNullable<Draft['precedence']>
  once: string
}

export class Reporting {
  title = $state('')
  cutOff = $state('')
  /** The items that she chose for it, by reference; each part says what it takes of which. */
  basis = $state<string[]>([])
  parts = $state<Part[]>([{ wordings: [emptyWording()] }])
  /** Each a set of other members, who all read the same. */
  audiences = $state<string[][]>([[]])
  /** Whether this member has a rendering for itself alone. */
  own = $state(false)
  precedence = $state<NonNullable<Draft['precedence']>>('ROUTINE')
  ready = $state(false)
  once = onceWord()
  /** Whether what stands here is kept, as it stands. */
  kept = $state(false)
  readonly keepOn = asItChanges(() => this.keep())

  /** Take up what she began; else it counts up to now. */
  async begin(now: string): Promise<void> {
    this.cutOff = now
    Object.assign(this, (await begun<Left>(NAME)) ?? {})
    this.ready = true
  }

  /** Nothing of it is left here: it went, or she lets it go. */
  async over(): Promise<void> {
    this.ready = false
    await hold(NAME, null)
  }

  addPart(): void {
    this.parts.push({ wordings: [emptyWording()] })
  }

  /** A wording for who may not have the one before it: with its heading, and nothing that it takes from a source. */
  addWording(part: Part): void {
    part.wordings.push({ ...emptyWording(), heading: part.wordings.at(-1)?.heading ?? '' })
  }

  /** Leave an item out of the report, and out of each part. */
  drop(ref: string): void {
    this.basis = this.basis.filter((one) => one !== ref)
    for (const wording of this.parts.flatMap((part) => part.wordings)) {
      wording.contains = wording.contains.filter((one) => one !== ref)
      wording.cites = wording.cites.filter((one) => one !== ref)
    }
  }

  /** The report as the node takes it; null while something is missing. */
  asReport(): WholeReport | null {
    const at = utcOf(this.cutOff)
    const audiences = this.audiences.filter((one) => one.length > 0).map((one) => [...one])
    if (this.own) audiences.push([])
    const parts = this.parts.map((part) => ({ wordings: part.wordings.map(whole) }))
    const lacks = parts.some((part) => part.wordings.some((one) => one.text.trim() === '' || one.tlp === ''))
    if (Number.isNaN(at) || this.title.trim() === '' || lacks || parts.length === 0 || audiences.length === 0)
      return null
    const cut_off = new Date(at).toISOString()
    return { title: this.title.trim(), cut_off, parts, audiences, precedence: this.precedence } as WholeReport
  }

  private async keep(): Promise<void> {
    if (!this.ready) return // it went meanwhile
    const left = this.left
    try {
      await hold(NAME, this.said ? left : null)
      this.kept = this.said && JSON.stringify(left) === JSON.stringify(this.left)
    } catch (error) {
      if (!(error instanceof Refused)) throw error // her node does not answer: it is kept with the next change
    }
  }

  get said(): boolean {
    const words = this.parts.flatMap((part) => part.wordings.flatMap((one) => [one.heading, one.text]))
    return this.basis.length > 0 || [this.title, ...words].some((one) => one.trim() !== '')
  }

  get left(): Left {
    const { title, cutOff, own, precedence, once } = this
    return {
      title,
      cutOff,
      basis: $state.snapshot(this.basis),
      parts: $state.snapshot(this.parts),
      audiences: $state.snapshot(this.audiences),
      own,
      precedence,
      once,
    }
  }
}

function whole({ heading, text, tlp, some, to, contains, cites }: Wording) {
  const sources = { contains: [...contains], cites: [...cites] }
  return { heading: heading.trim(), text, tlp, ...(some ? { to: [...to] } : {}), ...sources }
}

function emptyWording(): Wording {
  return { heading: '', text: '', tlp: '', some: false, to: [], contains: [], cites: [] }
}
