/** What is suggested, as an officer would type it into a report: nothing is filled in that the text does not say. */

import { t, type Message } from '../../lib/i18n.svelte'
import { MOST_COUNTS, type Count } from '../compose/counts'
import { emptyEvent, type Event } from '../compose/events'
import type { Letters } from './letters'
import m from './messages.json'
import type { Clipping, Place, Suggestion } from './types'

const LONGEST = 1024
const words = m as Record<string, Message>

/** A word of a closed list of the node's, in her language: `wordOf('type', 'fire')`. */
export function wordOf(list: string, word: string): string {
  const message = words[`${list}_${word}`]
  return message ? t(message) : word
}

export function typedOf(one: Suggestion, page: Clipping, letters: Letters): Event {
  const said = `${wordOf('type', one.type)}: ${letters.at(one.place)}`
  return {
    ...emptyEvent(),
    what: [...said].slice(0, LONGEST).join(''),
    how: howOf(one.root, page, letters),
    polarity: one.polarity.toUpperCase(),
    where: [placeOf(one, letters), gridOf(one, letters)].filter(Boolean).join(', '),
    ...timesOf(one),
    counts: one.counts.slice(0, MOST_COUNTS).map((count) => typedCount(count, letters)),
    names: one.root_named ?? '',
  }
}

function placeOf(one: Suggestion, letters: Letters): string {
  return one.where_means ?? (one.where ? letters.at(one.where) : '')
}

function gridOf(one: Suggestion, letters: Letters): string {
  return one.grid ? letters.at(one.grid) : ''
}

function typedCount(count: Suggestion['counts'][number], letters: Letters): Count {
  return {
    of: wordOf('what', count.what),
    least: String(count.low),
    most: typeof count.high === 'number' ? String(count.high) : '',
    words: letters.at(count.place),
  }
}

/** What an officer's own report says was seen; whatever others told was told; a page is published. */
export function howOf(root: Place | null | undefined, page: Clipping, letters: Letters): string {
  if (!page.author) return 'PUBLISHED'
  return root && letters.at(page.author).includes(letters.at(root)) ? 'SAW' : 'TOLD'
}

/** The days of an event, to the minute where the text says of which zone an hour is; nothing where the year is open. */
export function timesOf(one: Suggestion): { since: string; until: string } {
  const { day, hour } = one
  if (!day?.first || !day.last || day.year_open) return { since: '', until: '' }
  const zone = hour?.offset_min
  if (hour && day.first === day.last && zone !== null && zone !== undefined) {
    const since = inUtc(day.first, hour.at, zone)
    return { since, until: hour.until ? inUtc(day.first, hour.until, zone) : since }
  }
  return { since: `${day.first} 00:00`, until: `${day.last} 23:59` }
}

function inUtc(day: string, hour: string, east: number): string {
  const at = new Date(Date.parse(`${day}T${hour}:00Z`) - east * 60_000)
  return at.toISOString().slice(0, 16).replace('T', ' ')
}
