/** The items that a report rests on, as they stand now: of a draft only their references are kept, never what they say. */

import { ask, Refused } from '../../lib/api'
import type { Row } from '../../lib/types'

export class Chosen {
  private rows = $state.raw<Readonly<Record<string, Row | null>>>({})

  /** An item that was chosen; null where it is not here any more, undefined while that is not known. */
  of(ref: string): Row | null | undefined {
    return this.rows[ref]
  }

  know(row: Row): void {
    this.rows = { ...this.rows, [row.ref]: row }
  }

  /** Ask for what is not known yet, or for all anew. */
  async learn(refs: readonly string[], anew = false): Promise<void> {
    await Promise.all(refs.filter((ref) => anew || this.rows[ref] === undefined).map((ref) => this.ask(ref)))
  }

  private async ask(ref: string): Promise<void> {
    try {
      const query = { q: ref, newest: true, limit: 20 }
      const { items } = await ask('get', '/api/items', { query, background: true })
      this.rows = { ...this.rows, [ref]: items.find((one) => one.ref === ref) ?? null }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
}
