/** The rows of the inbox: pages from the node's cursor, newest first, and what comes while she looks. */

import { ask, Refused } from '../../lib/api'
import type { News } from '../../lib/events'
import { listen } from '../../lib/live'
import { urgent } from '../../lib/query'
import { nodeTime } from '../../lib/status.svelte'
import type { Row } from '../../lib/types'

export type Filters = { q: string; tlp: string; author: string; precedence: string }

const PAGE = 100
const TOP = 20
/** How long what comes together is waited for, before the node is asked once for all of it. */
const TOGETHER_MS = 150
/** How soon the node is asked again whether something that should have closed has. */
const CLOSES_MS = 1000
const LONGEST_MS = 3_600_000
const URGENT_FOR_MS = 24 * 3600 * 1000
const RANK: Record<string, number> = { FLASH: 0, IMMEDIATE: 1, PRIORITY: 2, ROUTINE: 3 }

export class Inbox {
  rows = $state.raw<readonly Row[]>([])
  more = $state(false)
  trouble = $state.raw<Refused | null>(null)
  loaded = $state(false)
  private next: string | null = null
  private busy = false
  private asking = 0
  private closing = 0
  private closed = false
  private reading = 0
  /** What came while the list was read: an answer that was on its way must not cover it. */
  private readonly meanwhile: News[] = []

  constructor(
    private readonly filters: Filters,
    private readonly arrived: (row: Row) => void,
    private readonly taken: (rows: readonly Row[]) => void,
    /** For what she reads: the list of another purpose is another list. */
    readonly purpose: string,
  ) {}

  /** Load the first rows, and hear of new ones; call the result when she leaves. */
  open(): () => void {
    const news = listen((one) => this.heard(one))
    void news.ready.then(() => this.first())
    return () => {
      this.closed = true
      clearTimeout(this.asking)
      clearTimeout(this.closing)
      news.stop()
    }
  }

  /** Load the next rows, if there are any; where the node does not answer, they come when she scrolls again. */
  async near(): Promise<void> {
    if (this.next === null || this.busy) return
    this.busy = true
    try {
      const page = await this.page(this.next)
      this.keep([...this.rows, ...page.items], page.next ?? null)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    } finally {
      this.busy = false
    }
  }

  /** Read the list anew. What is told meanwhile may be newer than what is read: it is heard after. */
  private async first(): Promise<void> {
    this.reading += 1
    try {
      const [urgent, page] = await Promise.all([this.urgent(), this.page('')])
      this.keep([...urgent, ...page.items], page.next ?? null)
      this.trouble = null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (!this.loaded || error.status !== 0) this.trouble = error
      this.watchTime()
    } finally {
      this.reading -= 1
    }
    this.loaded = true
    if (this.reading === 0) for (const news of this.meanwhile.splice(0)) this.heard(news)
  }

  /** FLASH is first wherever it stands in the list: it is asked for by itself, which the store finds at once. */
  private async urgent(): Promise<readonly Row[]> {
    if (this.filters.precedence || urgent(this.filters.q)) return []
    const query = { ...this.filters, precedence: 'FLASH', newest: true, limit: PAGE }
    const { items } = await ask('get', '/api/items', { query })
    return items.filter((row) => rank(row) === 0 && !row.thread)
  }

  private page(after: string, limit = PAGE) {
    return ask('get', '/api/items', { query: { ...this.filters, threads: true, newest: true, after, limit } })
  }

  /** Ask the node for the newest once more: it alone knows what fits a line, and which conversation a message moves. */
  private again(): void {
    clearTimeout(this.asking)
    this.asking = window.setTimeout(() => void this.top(), TOGETHER_MS)
  }

  private async top(): Promise<void> {
    try {
      const page = await this.page('', TOP)
      if (this.closed) return
      const fresh = page.items.filter((row) => !this.rows.some((one) => one.id === row.id))
      const more = this.rows.length > 0 || !page.next ? this.next : page.next
      this.keep([...page.items, ...this.rows], more)
      for (const row of fresh) this.arrived(row)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }

  private heard(news: News): void {
    if (this.reading > 0) {
      this.meanwhile.push(news)
      return
    }
    if (news.kind === 'gap' || news.kind === 'rights') void this.first()
    if (news.kind === 'recall' || news.kind === 'change') this.recalled(news.refs ?? [], news.rows ?? [])
    const row = news.row
    if (!row) return
    if (row.thread || this.filters.q) this.again()
    else if (!this.rows.some((one) => one.id === row.id) && this.fits(row)) {
      this.keep([row, ...this.rows], this.next)
      this.arrived(row)
    }
  }

  /** What was taken back or narrowed goes, or is shown as it is now: evidence stays, marked. */
  private recalled(refs: readonly string[], rows: readonly Row[]): void {
    const now = new Map(rows.filter((row) => this.fits(row)).map((row) => [row.ref, row]))
    const gone = this.rows.filter((row) => refs.includes(row.ref) && !now.has(row.ref))
    const stay = this.rows.filter((row) => !gone.includes(row)).map((row) => now.get(row.ref) ?? row)
    this.keep(stay, this.next)
    if (gone.length) this.taken(gone)
    this.again()
  }

  private fits(row: Row): boolean {
    const { tlp, author, precedence } = this.filters
    return same(tlp, row.tlp) && same(author, row.author) && same(precedence, row.precedence)
  }

  /** The node gives the newest first, and sorting keeps that order within a rank. */
  private keep(rows: readonly Row[], next: string | null): void {
    const once = new Map<string, Row>()
    for (const row of rows) if (!once.has(row.id)) once.set(row.id, row)
    this.rows = [...once.values()].sort((a, b) => rank(a) - rank(b))
    this.next = next
    this.more = next !== null
    this.watchTime()
  }

  /** When the first of the rows should close, ask the node: the gate decides whether it has. */
  private watchTime(): void {
    clearTimeout(this.closing)
    const times = this.rows.flatMap((row) => (row.expires ? [Date.parse(row.expires)] : []))
    if (times.length === 0) return
    const wait = Math.min(...times) - nodeTime()
    if (this.closed) return
    this.closing = window.setTimeout(() => void this.first(), Math.min(LONGEST_MS, Math.max(CLOSES_MS, wait)))
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
