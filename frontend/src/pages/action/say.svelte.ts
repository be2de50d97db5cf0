/** Say something about an item in a form: asserted with her own key where the kind wants that, else signed by the node.
 *
 * What is said goes once under a word of its own, so that pressing again after no answer does not say it twice.
 */

import { ask } from '../../lib/api'
import { stateSaid } from '../../lib/facts'
import { onceWord } from '../../lib/once'
import { signing } from '../../lib/session.svelte'
import type { Speech } from '../../lib/types'

const ASSERTED = new Set(['position', 'acknowledgement'])
const TITLE = 300

export class Saying {
  busy = $state(false)
  /** Why the last word did not go, if it did not. */
  error = $state.raw<unknown>(null)
  private last = ''
  private once = ''

  /** Say it, and return whether it went; what went wrong is in `error`. */
  async say(
    ref: string,
    kind: string,
    form: Record<string, unknown>,
    title: string,
    text = '',
  ): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.error = null
    try {
      return await this.send(ref, { kind, form, text, title: title.slice(0, TITLE) })
    } catch (error) {
      this.error = error
      return false
    } finally {
      this.busy = false
    }
  }

  private async send(ref: string, speech: Speech): Promise<boolean> {
    const once = this.word(JSON.stringify([ref, speech]))
    const done = ASSERTED.has(speech.kind)
      ? await stateSaid(ref, { ...speech, once })
      : await signing(
          async () =>
            void (await ask('post', '/api/items/{ref}/said', { path: { ref }, body: { ...speech, once } })),
        )
    if (done) this.last = ''
    return done
  }

  /** The same words go under the same word until they went. */
  private word(said: string): string {
    if (said !== this.last) this.once = onceWord()
    this.last = said
    return this.once
  }
}
