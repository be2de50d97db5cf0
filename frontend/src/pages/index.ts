/** The console's pages. A folder here with a `page.ts` is a page; nothing else names it. */

import type { Component } from 'svelte'
import type { Message } from '../lib/i18n.svelte'

export type Page = {
  /** `/inbox`, or `/items/:ref`; a name goes to the component as a property. */
  path: string
  title: Message
  /** Takes the names that the path fills in; each page knows its own. */
  component: Component<any>
  /** Its place in the navigation, if it has one; `key` after g goes there. With a `role` it is for who has that.
   * `waits` counts what waits for her there, and says what it is.
   */
  nav?: { order: number; key: string; role?: string; waits?: { count: () => string; says: Message } }
  /** One key that opens it from anywhere, if it has one. */
  opens?: { keys: string; does: Message }
}

const found = import.meta.glob<{ page: Page }>('./*/page.ts', { eager: true })

export const PAGES: readonly Page[] = Object.values(found).map((module) => module.page)
export const NAVIGATION = PAGES.filter((page) => page.nav).sort((a, b) => order(a) - order(b))

/** Return the page at a path, with the names that the path fills in. */
export function pageAt(path: string): { page: Page; names: Record<string, string> } | null {
  for (const page of PAGES) {
    const names = match(page.path, path)
    if (names) return { page, names }
  }
  return null
}

function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.replace(/\/$/, '').split('/')
  if (wanted.length !== given.length) return null
  const names: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const word = given[at] ?? ''
    if (part.startsWith(':')) names[part.slice(1)] = decodeURIComponent(word)
    else if (part !== word) return null
  }
  return names
}

function order(page: Page): number {
  return page.nav?.order ?? 0
}
