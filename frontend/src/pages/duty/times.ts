/** Times of a roster, in UTC: with their weekday, for it is a Sunday that nobody thought of. */

import { now } from '../../lib/clock.svelte'
import { language } from '../../lib/i18n.svelte'
import { utcText } from '../../lib/utc'

/** Around what is read from the left, whatever stands beside it. */
const [LEFT_TO_RIGHT, POP] = [String.fromCodePoint(0x2066), String.fromCodePoint(0x2069)]

/** `Sun`, in her language. */
export function weekday(at: number): string {
  return new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' }).format(at)
}

/** `06:00Z` */
export function hourUtc(at: number): string {
  return `${utcText(new Date(at)).slice(11)}Z`
}

/** `06:00Z` today, `Sun 11-29 06:00Z` on another day, with the year in another year. */
export function onDay(at: number): string {
  const [day, today] = [utcText(new Date(at)).slice(0, 10), utcText(now()).slice(0, 10)]
  if (day === today) return hourUtc(at)
  const date = day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day
  return `${weekday(at)} ${LEFT_TO_RIGHT}${date} ${hourUtc(at)}${POP}`
}
