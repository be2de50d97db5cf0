/** An open source on its way to a report: read, judged event by event, and written down with who knew each first. */

import { ask, Refused } from '../../lib/api'
import { t } from '../../lib/i18n.svelte'
import { BUSY, patiently } from '../../lib/patience'
import { inWords, type Words } from '../../lib/trouble'
import { Going } from '../compose/files.svelte'
import type { Event } from '../compose/events'
import { Letters } from './letters'
import m from './messages.json'
import type { Clipping, Place, Suggestion } from './types'
import { howOf, typedOf } from './typing'

const TROUBLES: Words = {
  'unreadable-page': m.no_text,
  'reading-failed': m.too_much,
  'too-large': m.too_large,
  refused: m.refused,
}

export type Fate = 'open' | 'taken' | 'left'
/** One event that is suggested: what the officer makes of it. */
export type Judged = {
  said: Suggestion
  event: Event
  fate: Fate
  speaker: string
  suggested: Names
  /** Which of the readings that are offered she took, counted from 0; -1 where none. */
  offer: number
}
/** What was suggested of the names in it, before she put any right. */
export type Names = { speaker: string; where: string; root: string }

/** Where the names stand of who says it and of who knew it first. */
export type Who = { speaker: Place | null | undefined; root: Place | null | undefined }

export class Taking {
  page = $state.raw<Clipping | null>(null)
  letters = $state.raw<Letters | null>(null)
  judged = $state<Judged[]>([])
  at = $state(0)
  busy = $state(false)
  /** Whether her node asked for a pause before it reads on. */
  pausing = $state(false)
  trouble = $state('')
  /** What names of this text mean at her member, by the text's own words. */
  meant = $state<Record<string, string>>({})
  file: Going | null = null
  private stop = new AbortController()
  private proposed = new Map<string, Promise<string[]>>()
  /** What names meant before she said anything here. */
  private were = new Map<string, string | null>()

  /** Read a page or a text: it goes to her own node alone, which keeps it under its hash until the report is sent. */
  async read(file: File, form: 'html' | 'txt'): Promise<void> {
    this.forget()
    const { signal } = this.stop
    this.busy = true
    try {
      const going = new Going(file, file.name)
      await going.go()
      if (going.state !== 'ready') throw new Refused(going.trouble, '', 0)
      const path = { attachment: going.id }
      const page = await patiently(
        () => ask('post', '/api/attachments/{attachment}/reading', { path, query: { form }, signal }),
        { reasons: BUSY, waiting: (reason) => (this.pausing = reason !== null) },
        signal,
      )
      if (signal.aborted) return
      this.file = going
      this.taken(page)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Refused)) throw error
      this.trouble = inWords(error, TROUBLES)
    } finally {
      if (!signal.aborted) this.busy = this.pausing = false
    }
  }

  forget(): void {
    this.stop.abort()
    this.stop = new AbortController()
    this.busy = this.pausing = false
    this.file?.cancel()
    this.file = this.page = this.letters = null
    this.judged = []
    this.meant = {}
    this.were.clear()
    this.at = 0
    this.trouble = ''
  }

  /** Judge the event that is looked at, and go on to the next that waits. */
  judge(fate: Fate): void {
    const one = this.judged[this.at]
    if (!one) return
    one.fate = one.fate === fate ? 'open' : fate
    const next = this.judged.findIndex((other, n) => n > this.at && other.fate === 'open')
    if (one.fate !== 'open' && next >= 0) this.at = next
  }

  move(steps: number): void {
    this.at = Math.max(0, Math.min(this.judged.length - 1, this.at + steps))
  }

  /** Take a reading that is offered of the event that is looked at; taken once more, it is as blank as before. */
  offer(n: number): void {
    const [one, page, letters] = [this.judged[this.at], this.page, this.letters]
    if (!one || !page || !letters || !one.said.offered?.length) return
    one.offer = one.offer === n ? -1 : n
    const names = this.namesOf(one)
    one.speaker = names.speaker
    one.event.names = names.root
    one.event.how = howOf(this.whoOf(one).root, page, letters)
    one.suggested = { ...one.suggested, ...names }
  }

  /** Go through what is offered of the event that is looked at, one after the other, and then to none. */
  offerNext(): void {
    const one = this.judged[this.at]
    const last = (one?.said.offered?.length ?? 0) - 1
    if (one && last >= 0) this.offer(one.offer < last ? one.offer + 1 : last)
  }

  /** Who says an event and who knew it first, by their places: what is sure, else what she took of what is offered. */
  whoOf({ said, offer }: Judged): Who {
    const taken = said.offered?.[offer]
    return { speaker: said.speaker ?? taken?.speaker, root: said.root ?? taken?.root }
  }

  get chosen(): Judged[] {
    return this.judged.filter((one) => one.fate === 'taken')
  }

  words(place: Place | null | undefined): string {
    return place && this.letters ? this.letters.at(place) : ''
  }

  /** The names of her member that one may be, the likeliest first, at most five; none where the node does not say. */
  likely(name: string): Promise<string[]> {
    const asked = this.proposed.get(name) ?? likelyOf(name)
    this.proposed.set(name, asked)
    return asked
  }

  /** Whether she said here what a name means. */
  said(name: string): boolean {
    return this.were.has(name)
  }

  /** Say what a name means from now on; null makes it mean what it did before. Returns why that could not be. */
  async mean(name: string, means: string | null): Promise<string> {
    const before = this.were.get(name) ?? (this.were.has(name) ? null : (this.meant[name] ?? null))
    const next = means ?? before
    try {
      await ask('post', '/api/aliases', { body: { name, means: next } })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return t(m.not_remembered, { reason: error.reason, detail: error.detail })
    }
    this.proposed.clear()
    if (means === null) this.were.delete(name)
    else this.were.set(name, before)
    this.meant[name] = next ?? ''
    return ''
  }

  private taken(page: Clipping): void {
    const letters = new Letters(page)
    this.letters = letters
    this.page = page
    this.judged = page.events.map((said) => {
      const event = typedOf(said, page, letters)
      const speaker = said.speaker_means ?? this.words(said.speaker)
      this.know(said)
      for (const one of said.offered ?? []) this.know(one)
      return {
        said,
        event,
        fate: 'open',
        speaker,
        suggested: { speaker, where: event.where, root: event.names },
        offer: -1,
      }
    })
  }

  private namesOf({ said, offer }: Judged): { speaker: string; root: string } {
    const taken = said.offered?.[offer]
    const speaker = said.speaker ? said : taken
    return {
      speaker: speaker?.speaker_means ?? this.words(speaker?.speaker),
      root: (said.root ? said : taken)?.root_named ?? '',
    }
  }

  private know({ speaker, where, root, speaker_means, where_means, root_means }: Known): void {
    for (const [place, means] of [
      [speaker, speaker_means],
      [where, where_means],
      [root, root_means],
    ] as const) {
      if (place && means) this.meant[this.words(place)] = means
    }
  }
}

/** What is known of the names of a suggestion or of an offer. */
type Known = Partial<
  Pick<Suggestion, 'speaker' | 'where' | 'root' | 'speaker_means' | 'where_means' | 'root_means'>
>

async function likelyOf(name: string): Promise<string[]> {
  try {
    const { likely } = await ask('get', '/api/aliases', { query: { like: [...name].slice(0, 192).join('') } })
    return (likely ?? []).map((one) => one.name)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return []
  }
}
