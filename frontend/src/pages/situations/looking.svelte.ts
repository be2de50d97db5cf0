/** What each audience would read of a report, as the node renders it: what goes is what was looked at, or nothing. */

import { ask, Refused } from '../../lib/api'
import { signing } from '../../lib/session.svelte'
import type { Renderings, SentReport, WholeReport } from '../../lib/types'
import { troubleOf } from './trouble'

const LOOK_MS = 400

export class Looking {
  /** What was shown last, and of which report. */
  shown = $state.raw<{ report: WholeReport; found: Renderings } | null>(null)
  /** Whether that is what stands here now. */
  fresh = $state(false)
  /** Why it cannot be rendered, and why it did not go. */
  trouble = $state('')
  unsent = $state('')
  sending = $state(false)
  /** Audiences for which nothing would be in it. */
  readonly empty = $derived(
    (this.shown?.found.renderings ?? []).filter((one) => one.parts.length === 0).map((one) => one.to),
  )
  private turn = 0

  /** Ask anew when she has stopped typing for a moment; call the result when the report is another. */
  drafted(report: WholeReport | null): (() => void) | undefined {
    this.fresh = false
    this.trouble = this.unsent = ''
    if (report === null) return undefined
    const timer = setTimeout(() => void this.look(report), LOOK_MS)
    return () => {
      clearTimeout(timer)
      this.turn += 1
    }
  }

  /** Ask again for the same report: who may have what may be other by now. */
  async look(report: WholeReport): Promise<void> {
    const turn = ++this.turn
    try {
      const found = await ask('post', '/api/sitreps/renderings', { body: report })
      if (turn !== this.turn) return
      this.shown = { report, found }
      this.fresh = true
      this.trouble = ''
    } catch (error) {
      if (turn === this.turn) this.trouble = troubleOf(error)
    }
  }

  /** Send exactly what is shown, under its word; null if it did not go, `unsent` says why. */
  async send(once: string): Promise<SentReport[] | null> {
    if (this.shown === null || !this.fresh || this.sending) return null
    const { report, found } = this.shown
    this.sending = true
    this.unsent = ''
    try {
      let sent: SentReport[] = []
      const body = { report, seen: found.seen, once }
      const done = await signing(async () => {
        sent = await ask('post', '/api/sitreps', { body })
      })
      return done ? sent : null
    } catch (error) {
      this.unsent = troubleOf(error)
      if (error instanceof Refused && error.reason === 'sitrep-changed') await this.look(report)
      return null
    } finally {
      this.sending = false
    }
  }
}
