/** Times as an officer types them, in UTC: `2026-03-01 14:05`. */

const WRITTEN = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?\s*Z?$/i

/** What was typed, in microseconds as forms hold times; null for what is no time. */
export function microsOf(text: string): number | null {
  const found = WRITTEN.exec(text.trim())
  if (!found) return null
  const ms = Date.parse(`${found[1]}T${found[2]}${found[3] ?? ':00'}Z`)
  return Number.isNaN(ms) ? null : ms * 1000
}

/** A time as it would be typed. */
export function typedAs(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}
