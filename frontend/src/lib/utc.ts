/** Times as officers write them: `2026-03-01 04:05`, in UTC and 24 hours, in every language. */

const WRITTEN = /^\s*(\d{4}-\d{2}-\d{2})[ T]+(\d{2}:\d{2})\s*Z?\s*$/

/** What a field asks for, as browsers match it. */
export const UTC_PATTERN = '\\s*\\d{4}-\\d{2}-\\d{2}[ T]+\\d{2}:\\d{2}\\s*Z?\\s*'

/** A time as she wrote it, in milliseconds; not a number where it is none. */
export function utcOf(text: string): number {
  const found = WRITTEN.exec(text)
  return found ? Date.parse(`${found[1]}T${found[2]}Z`) : NaN
}

/** A time as she would write it. */
export function utcText(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ')
}
