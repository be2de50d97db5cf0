/** The time, once a second, and how times are written: UTC with Z and 24 hours; local time only as a second line. */

import { language } from './i18n.svelte'

let current = $state(new Date())
setInterval(() => (current = new Date()), 1000)

export function now(): Date {
  return current
}

/** Units, their seconds, and those of the next larger one. */
const STEPS = [
  ['day', 86_400, Infinity],
  ['hour', 3600, 86_400],
  ['minute', 60, 3600],
  ['second', 1, 60],
] as const

const two = (value: number): string => String(value).padStart(2, '0')

/** `14:05:09Z` */
export function timeUtc(at: Date): string {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}Z`
}

/** `2026-03-01 14:05:09Z` */
export function momentUtc(at: Date): string {
  return `${at.toISOString().slice(0, 10)} ${timeUtc(at)}`
}

/** `14:05Z` today, `03-01 14:05Z` before. */
export function shortUtc(text: string): string {
  const at = new Date(text)
  const day = at.toISOString().slice(0, 10)
  const hours = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}Z`
  return day === current.toISOString().slice(0, 10) ? hours : `${day.slice(5)} ${hours}`
}

/** The officer's own time, in words of her language. */
export function local(text: string): string {
  return new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : language(), {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
    numberingSystem: 'latn',
  }).format(new Date(text))
}

/** How old something is: `3 s`, `12 min`, `5 h`, `9 d`, in her language. */
export function age(text: string): string {
  const seconds = Math.max(0, Math.round((current.getTime() - Date.parse(text)) / 1000))
  if (seconds < 100) return unit(seconds, 'second')
  if (seconds < 6000) return unit(Math.round(seconds / 60), 'minute')
  if (seconds < 172_800) return unit(Math.round(seconds / 3600), 'hour')
  return unit(Math.round(seconds / 86_400), 'day')
}

/** How long something lasts, by its two largest units: `2 d 3 h`, `59 min 30 s`, in her language. */
export function lasting(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const at = STEPS.findIndex(([, size]) => seconds >= size)
  const parts = (at < 0 ? STEPS.slice(-1) : STEPS.slice(at, at + 2)).map(([name, size, within]) =>
    unit(Math.floor((seconds % within) / size), name),
  )
  return parts.join(' ')
}

function unit(value: number, name: string): string {
  // Persian has no narrow forms of its own: what is narrow there is written in Latin letters.
  const unitDisplay = language() === 'fa' ? 'long' : 'narrow'
  const options = { style: 'unit', unit: name, unitDisplay, numberingSystem: 'latn' } as const
  return new Intl.NumberFormat(language(), options).format(value)
}
