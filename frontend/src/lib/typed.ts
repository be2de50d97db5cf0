/** What an officer typed into a line, or ticked. */

/** Names or references: apart by spaces or commas. */
export function namesIn(text: string): string[] {
  return text.split(/[\s,،;]+/).filter((one) => one !== '')
}

/** Some names with one more or one less of them. */
export function toggled(list: readonly string[], name: string, chosen: boolean): string[] {
  return chosen ? [...list, name] : list.filter((one) => one !== name)
}

/** Whether a key sends what she writes: Ctrl Enter, ⌘ Enter. */
export function sends(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey)
}

/** What stays in a field of what went while she typed on: what she wrote after it, or all if she wrote something else. */
export function unsaid(now: string, went: string): string {
  return now.startsWith(went) ? now.slice(went.length).trimStart() : now
}

/** A whole number that was typed; null where none was. */
export function numberOf(text: string | number | null | undefined): number | null {
  const word = String(text ?? '').trim()
  return /^\d{1,12}$/.test(word) ? Number(word) : null
}
