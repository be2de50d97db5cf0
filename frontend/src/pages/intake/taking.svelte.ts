/** An open source on its way to a report: read, judged event by event, and written down with who knew each first. */

import { ask, Refused } from '../../lib/api'
import { inWords, type Words } from '../../lib/trouble'
import { Going } from '../compose/files.svelte'
import type { Event } from '../compose/events'
import { Letters } from './letters'
import m from './messages.json'
import type { Clipping, Place, Suggestion } from './types'
import { typedOf } from './typing'

const TROUBLES: Words = {
  'unreadable-page': m.no_text,
  'reading-failed': m.too_much,
  'too-large': m.too_large,
  refused: m.refused,
}

export type Fate = 'open' | 'taken' | 'left'
/** One event that is suggested: what the officer makes of it. */
export type Judged = { said: Suggestion; event: Event; fate: Fate; speaker: string }

export class Taking {
  page = $state.raw<Clipping | null>(null)
  letters = $state.raw<Letters | null>(null)
  judged = $state<Judged[]>([])
  at = $state(0)
  busy = $state(false)
  trouble = $state('')
  file: Going | null = null
  private turn = 0

  /** Read a page or a text: it goes to her own node alone, which keeps it under its hash until the report is sent. */
  async read(file: File, form: 'html' | 'txt'): Promise<void> {
    const turn = ++this.turn
    this.forget()
    this.busy = true
    try {
      const going = new Going(file, file.name)
      await going.go()
      if (going.state !== 'ready') throw new Refused(going.trouble, '', 0)
      const path = { attachment: going.id }
      const page = await ask('post', '/api/attachments/{attachment}/reading', { path, query: { form } })
      if (turn !== this.turn) return
      this.file = going
      this.taken(page)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (turn === this.turn) this.trouble = inWords(error, TROUBLES)
    } finally {
      if (turn === this.turn) this.busy = false
    }
  }

  forget(): void {
    this.file?.cancel()
    this.file = this.page = this.letters = null
    this.judged = []
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

  get chosen(): Judged[] {
    return this.judged.filter((one) => one.fate === 'taken')
  }

  words(place: Place | null | undefined): string {
    return place && this.letters ? this.letters.at(place) : ''
  }

  private taken(page: Clipping): void {
    const letters = new Letters(page)
    this.letters = letters
    this.page = page
    this.judged = page.events.map((said) => ({
      said,
      event: typedOf(said, page, letters),
      fate: 'open',
      speaker: said.speaker ? letters.at(said.speaker) : '',
    }))
  }
}
