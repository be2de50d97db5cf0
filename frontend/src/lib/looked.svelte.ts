/** What a page asks for again and again: the newest answer, and why there is none. */

import { Refused } from './api'
import { t, type Message } from './i18n.svelte'
import { inOrder } from './inorder'

export class Looked<T extends object> {
  value = $state.raw<T | null>(null)
  trouble = $state('')
  private readonly newest = inOrder()

  constructor(
    private readonly ask: () => Promise<T>,
    /** What is said where the node refuses, with its `reason`. */
    private readonly refused: Message,
  ) {}

  /** Look now. While something is shown, a way that is broken for a moment is told by the header alone. */
  readonly look = async (): Promise<void> => {
    try {
      const found = await this.newest(this.ask())
      if (found === null) return
      this.value = found
      this.trouble = ''
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (this.value === null || error.status !== 0) this.trouble = t(this.refused, { reason: error.reason })
    }
  }
}
