/** What the forms of an incident's file are made with. */

import type { IncidentView } from '../../lib/types'

export type Subject = { ref: string; evidence: IncidentView['evidence']; done: () => void }

/** References as somebody types them: apart by spaces or commas. */
export function refsOf(text: string): string[] {
  return text.split(/[\s,،;]+/).filter((one) => one !== '')
}

/** Some names with one more or one less of them. */
export function toggled(list: readonly string[], name: string, chosen: boolean): string[] {
  return chosen ? [...list, name] : list.filter((one) => one !== name)
}

/** A whole number that was typed; null where none was. */
export function numberOf(text: string | number | null | undefined): number | null {
  const word = String(text ?? '').trim()
  return /^\d{1,12}$/.test(word) ? Number(word) : null
}
