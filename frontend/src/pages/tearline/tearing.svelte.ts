/** The tear-line that an officer writes of one text: kept at this browser as she types, and sent once under its word. */

import { ask, Refused } from '../../lib/api'
import { begun, hold } from '../../lib/begun'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import { namesIn } from '../../lib/typed'
import type { Draft, Stays, TearLineCheck } from '../../lib/types'
import { answersOf, checksOf, moved, type Check } from './checks'

type Whys = Record<string, Stays['why']>
type Left = {
  title: string
  text: string
  tlp: Draft['tlp'] | ''
  to: string[]
  persons: string
  precedence: NonNullable<Draft['precedence']>
  whys: Whys
  once: string
}

const LOOK_MS = 300

export class Tearing {
  title = $state('')
  text = $state('')
  /** Never chosen for her. */
  tlp = $state<Draft['tlp'] | ''>('')
  to = $state<string[]>([])
  persons = $state('')
  precedence = $state<NonNullable<Draft['precedence']>>('ROUTINE')
  /** Why each piece that is pointed at stays, by its words and what they give away: it holds wherever they stand. */
  whys = $state<Whys>({})
  /** Whether what she began here was taken up: before that nothing is kept, or it would be lost. */
  ready = $state(false)
  /** Whether what stands here is kept, as it stands. */
  kept = $state(false)
  /** What the node said last, and of which words. */
  told = $state.raw<{ title: string; text: string; check: TearLineCheck } | null>(null)
  trouble = $state('')
  readonly checks: readonly Check[] = $derived(this.pointed())
  /** Whether the node has looked at what stands here now. */
  readonly looked = $derived(
    this.told !== null && this.told.title === this.title && this.told.text === this.text,
  )
  readonly open = $derived(this.checks.filter((one) => this.whys[one.key] === undefined))
  readonly keepOn: () => Promise<void>
  private once = onceWord()
  private began = false
  private readonly name: string

  constructor(
    private readonly ref: string,
    private readonly troubleOf: (error: unknown) => string,
  ) {
    this.name = `tear-line ${ref}`
    this.keepOn = asItChanges(() => this.keep())
  }

  async begin(): Promise<void> {
    Object.assign(this, (await begun<Left>(this.name)) ?? {})
    this.ready = true
  }

  /** Have the node look at what stands here, when she has stopped typing for a moment; call the result on a change. */
  look(): () => void {
    const body = { title: this.title, text: this.text, to: $state.snapshot(this.to) }
    const stop = new AbortController()
    const timer = setTimeout(() => void this.check(body, stop.signal), this.began ? LOOK_MS : 0)
    this.began = true
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }

  /** As the node takes an item, to say who would get it; null while something is missing. */
  asDraft(): Draft | null {
    const { tlp, title, text, to, precedence } = this
    if (tlp === '' || title.trim() === '' || text.trim() === '') return null
    const persons = tlp === 'RED' ? namesIn(this.persons) : []
    return { kind: 'report', tlp, title, text, to: [...to], persons, precedence }
  }

  /** Send it under its word, and return its reference; throws `Refused`. */
  async send({ kind: _, ...draft }: Draft): Promise<string> {
    const answers = answersOf(this.checks, this.whys)
    const body = { ...draft, answers, once: this.once }
    const { ref } = await ask('post', '/api/items/{ref}/tear-line', { path: { ref: this.ref }, body })
    this.ready = false
    await hold(this.name, null)
    return ref
  }

  get said(): boolean {
    return this.title.trim() !== '' || this.text.trim() !== ''
  }

  get left(): Left {
    const { title, text, tlp, persons, precedence, once } = this
    const [to, whys] = [$state.snapshot(this.to), $state.snapshot(this.whys)]
    return { title, text, tlp, to, persons, precedence, whys, once }
  }

  private async keep(): Promise<void> {
    if (!this.ready) return // it went meanwhile
    const left = this.left
    try {
      await hold(this.name, this.said ? left : null)
      this.kept = this.said && JSON.stringify(left) === JSON.stringify(this.left)
    } catch (error) {
      if (!(error instanceof Refused)) throw error // her node does not answer: it is kept with the next change
    }
  }

  private pointed(): Check[] {
    if (this.told === null) return []
    const { title, text, check } = this.told
    const of = (where: 'title' | 'text') => check.left.filter((one) => one.where === where)
    const left = [...moved(title, this.title, of('title')), ...moved(text, this.text, of('text'))]
    return checksOf({ title: this.title, text: this.text }, left)
  }

  private async check(
    body: { title: string; text: string; to: string[] },
    signal: AbortSignal,
  ): Promise<void> {
    const path = { ref: this.ref }
    try {
      const check = await ask('post', '/api/items/{ref}/tear-line/check', { path, body, signal })
      if (signal.aborted) return
      this.told = { title: body.title, text: body.text, check }
      this.trouble = ''
    } catch (error) {
      if (!signal.aborted) this.trouble = this.troubleOf(error)
    }
  }
}
