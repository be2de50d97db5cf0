/** What is about to go: who would get it, as the node says, whether it is on its way, and why it did not go. */

import { ask } from '../../lib/api'
import { t } from '../../lib/i18n.svelte'
import { signing } from '../../lib/session.svelte'
import type { Draft, Preview } from '../../lib/types'
import m from './messages.json'

const LOOK_MS = 300

export class Outgoing {
  /** What each member would see; null while the node was not asked, or did not answer yet. */
  previews = $state.raw<readonly Preview[] | null>(null)
  trouble = $state('')
  sending = $state(false)
  readonly admitted = $derived((this.previews ?? []).filter((one) => one.admitted).map((one) => one.member))

  constructor(private readonly troubleOf: (error: unknown) => string) {}

  /** The node decides who gets a draft, never the page: it is asked when she has stopped typing for a moment.
   *
   * Call the result when the draft is another.
   */
  drafted(draft: Draft | null): (() => void) | undefined {
    this.previews = null
    this.trouble = ''
    if (draft === null) return undefined
    const stop = new AbortController()
    const timer = setTimeout(() => void this.look(draft, stop.signal), LOOK_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }

  /** Those of some members who would not get it; nobody while the node has not said. */
  unreached(wanted: readonly string[]): readonly string[] {
    return this.previews === null ? [] : wanted.filter((member) => !this.admitted.includes(member))
  }

  /** Send a draft that the node has looked at, and return its reference; null if it did not go, `trouble` says why. */
  async send(draft: Draft | null, publish: (draft: Draft) => Promise<string>): Promise<string | null> {
    if (draft === null || this.sending) return null
    if (this.previews === null) {
      this.trouble ||= t(m.look_first)
      return null
    }
    this.sending = true
    this.trouble = ''
    try {
      let ref = ''
      const done = await signing(async () => {
        ref = await publish(draft)
      })
      return done && ref ? ref : null
    } catch (error) {
      this.trouble = this.troubleOf(error)
      return null
    } finally {
      this.sending = false
    }
  }

  private async look(draft: Draft, signal: AbortSignal): Promise<void> {
    try {
      const found = await ask('post', '/api/previews', { body: draft, signal })
      if (!signal.aborted) this.previews = found
    } catch (error) {
      if (!signal.aborted) this.trouble = this.troubleOf(error)
    }
  }
}
