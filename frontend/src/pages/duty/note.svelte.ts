/** The note to the next watch as it is written: kept at this browser until it goes, and it goes once. */

import { begun, hold } from '../../lib/begun'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'

type Begun = { text: string; once: string }
const NAME = 'handover'

export class Writing {
  text = $state('')
  once = $state(onceWord())
  readonly keepOn: () => Promise<void>
  private began = $state(false)

  constructor() {
    this.keepOn = asItChanges(() =>
      hold(NAME, this.text.trim() === '' ? null : { text: this.text, once: this.once }),
    )
  }

  /** Take up what she began; what she typed meanwhile stands. */
  async takeUp(): Promise<void> {
    const kept = await begun<Begun>(NAME)
    if (kept !== null && this.text === '') Object.assign(this, kept)
    this.began = true
  }

  /** Whether what she typed may be kept: not before what she began was taken up, or it would be lost. */
  get mayKeep(): boolean {
    return this.began
  }

  /** Add the lines of what is open that do not stand here yet; return how many. */
  add(open: string): number {
    const here = new Set(this.text.split('\n').map((line) => line.trim()))
    const missing = open.split('\n').filter((line) => line.trim() !== '' && !here.has(line.trim()))
    this.text = [this.text.trimEnd(), ...missing].filter(Boolean).join('\n')
    return missing.length
  }

  /** It went; what she typed on meanwhile is the next note. */
  async went(sent: string): Promise<void> {
    if (this.text === sent) this.text = ''
    this.once = onceWord()
    await this.keepOn()
  }
}
