/** The rows of the inbox: pages from the node's cursor, newest first, and what comes while she looks. */

import { ask, Refused } from '../../lib/api'
import { hear, type News } from '../../lib/events'
import type { Row } from '../../lib/types'

export type Filters = { text: string; tlp: string; author: string; precedence: string }

const PAGE = 100
const URGENT_FOR_MS = 24 * 3600 * 1000
const RANK: Record<string, number> = { FLASH: 0, IMMEDIATE: 1, PRIORITY: 2, ROUTINE: 3 }

export class Inbox {
  rows = $state.raw<readonly Row[]>([])
  more = $state(false)
  trouble = $state<string | null>(null)
  loaded = $state(false)
  private next: string | null = null
  private busy = false

  constructor(
    private readonly filters: Filters,
    private readonly arrived: (row: Row) => void,
    private readonly taken: (rows: readonly Row[]) => void,
    /** For what she reads: the list of another purpose is another list. */
    readonly purpose: string,
  ) {}

  /** Load the first rows, and hear of new ones; call the result when she leaves. */
  open(): () => void {
    let stop = (): void => {}
    let closed = false
    void this.first().then((newest) => {
      if (!closed) stop = hear(newest, (news) => this.heard(news))
    })
    return () => {
      closed = true
      stop()
    }
  }

  /** Load the next rows, if there are any. */
  async near(): Promise<void> {
    if (this.next === null || this.busy) return
    this.busy = true
    try {
      const page = await this.page(this.next)
      this.keep([...this.rows, ...page.items], page.next ?? null)
    } finally {
      this.busy = false
    }
  }

  /** The cursor of the newest item is asked for first, so that nothing comes between the list and the stream. */
  private async first(): Promise<string> {
    let head = ''
    try {
      head = (await ask('get', '/api/items', { query: { newest: true, limit: 1 } })).head ?? ''
      const [urgent, page] = await Promise.all([this.urgent(), this.page('')])
      this.keep([...urgent, ...page.items], page.next ?? null)
      this.trouble = null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.trouble = error.reason
    }
    this.loaded = true
    return head
  }

  /** FLASH is first wherever it stands in the list: it is asked for by itself. */
  private async urgent(): Promise<readonly Row[]> {
    if (this.filters.precedence) return []
    const query = { ...this.filters, precedence: 'FLASH', newest: true, limit: PAGE }
    return (await ask('get', '/api/items', { query })).items.filter((row) => rank(row) === 0)
  }

  private page(after: string) {
    return ask('get', '/api/items', { query: { ...this.filters, newest: true, after, limit: PAGE } })
  }

  private heard(news: News): void {
    if (news.kind === 'gap') void this.first()
    if (news.kind === 'recall') this.recalled(news.refs ?? [], news.rows ?? [])
    const row = news.row
    if (!row || this.rows.some((one) => one.id === row.id) || !this.fits(row)) return
    this.keep([row, ...this.rows], this.next)
    this.arrived(row)
  }

  /** What was taken back goes, or is shown as it is now: evidence stays, marked. */
  private recalled(refs: readonly string[], rows: readonly Row[]): void {
    const now = new Map(rows.filter((row) => this.fits(row)).map((row) => [row.ref, row]))
    const gone = this.rows.filter((row) => refs.includes(row.ref) && !now.has(row.ref))
    const stay = this.rows.filter((row) => !gone.includes(row)).map((row) => now.get(row.ref) ?? row)
    this.keep(stay, this.next)
    if (gone.length) this.taken(gone)
  }

  /** A search by text is the node's to answer: what comes meanwhile is shown when it is asked again. */
  private fits(row: Row): boolean {
    const { text, tlp, author, precedence } = this.filters
    return !text && same(tlp, row.tlp) && same(author, row.author) && same(precedence, row.precedence)
  }

  /** The node gives the newest first, and sorting keeps that order within a rank. */
  private keep(rows: readonly Row[], next: string | null): void {
    const once = [...new Map(rows.map((row) => [row.id, row])).values()]
    this.rows = once.sort((a, b) => rank(a) - rank(b))
    this.next = next
    this.more = next !== null
  }
}

function same(wanted: string, found: string | undefined): boolean {
  return wanted === '' || wanted === found
}

/** Urgent rows of the last day come first; older ones stand where their time puts them. */
function rank(row: Row): number {
  const fresh = Date.now() - Date.parse(row.at) < URGENT_FOR_MS
  return fresh ? (RANK[row.precedence ?? 'ROUTINE'] ?? 0) : 3
}
