/** A list as the node pages it: the newest rows are asked for again and again, what she unfolded below them stays. */

import { again } from './again'
import { Refused } from './api'
import type { News } from './events'
import { inOrder } from './inorder'
import { listen } from './live'

export type Query = { after: string; limit: number }
type Page<Row> = { items: readonly Row[]; next?: string | null }

const PAGE = 50
const AGAIN_MS = 4000
/** How long what comes together is waited for. */
const TOGETHER_MS = 150

export class Newest<Row extends { id: string }> {
  rows = $state.raw<readonly Row[]>([])
  more = $state(false)
  loaded = $state(false)
  trouble = $state.raw<Refused | null>(null)
  private next: string | null = null
  private busy = false
  private left = false
  private timer = 0
  private readonly newest = inOrder()

  constructor(
    private readonly ask: (query: Query) => Promise<Page<Row>>,
    /** Whether news may change what the list shows. */
    private readonly moves: (news: News) => boolean,
  ) {}

  /** Show the list as it is and as it changes; call the result when she leaves. */
  open(): () => void {
    this.left = false
    const stop = again(() => void this.look(), AGAIN_MS)
    const news = listen((one) => {
      if (this.moves(one)) this.soon()
    })
    void news.ready.then(() => this.look())
    return () => {
      stop()
      clearTimeout(this.timer)
      this.left = true
      news.stop()
    }
  }

  /** Load the next rows, if there are any; that they are refused is told until the newest come again. */
  async near(): Promise<void> {
    const after = this.next
    if (after === null || this.busy) return
    this.busy = true
    try {
      const page = await this.page(after)
      if (this.next !== after) return
      const known = new Set(this.rows.map((row) => row.id))
      this.keep([...this.rows, ...page.items.filter((row) => !known.has(row.id))], page.next ?? null)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.status !== 0) this.trouble = error
    } finally {
      this.busy = false
    }
  }

  private soon(): void {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.look(), TOGETHER_MS)
  }

  /** Take the newest rows; an answer that a later one has overtaken is dropped. */
  private async look(): Promise<void> {
    if (this.left) return
    try {
      const page = await this.newest(this.page(''))
      if (page === null || this.left) return
      this.join(page.items, page.next ?? null)
      this.trouble = null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (!(this.loaded && error.status === 0)) this.trouble = error
    }
    this.loaded = true
  }

  /** What she unfolded stays as long as the newest rows still reach it: else there would be a gap between them. */
  private join(fresh: readonly Row[], next: string | null): void {
    const last = fresh.at(-1)
    const at = next === null ? -1 : this.rows.findIndex((row) => row.id === last?.id)
    const below = at < 0 ? [] : this.rows.slice(at + 1)
    this.keep([...fresh, ...below], below.length ? this.next : next)
  }

  private keep(rows: readonly Row[], next: string | null): void {
    this.rows = rows
    this.next = next
    this.more = next !== null
  }

  private page(after: string): Promise<Page<Row>> {
    return this.ask({ after, limit: PAGE })
  }
}
