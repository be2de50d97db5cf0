/** A number of bytes as people say it, in the officer's language: `2.1 MB`. */

import { language } from './i18n.svelte'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3
  const value = bytes / 1000 ** power
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: power && value < 100 ? 1 : 0,
    numberingSystem: 'latn',
  }).format(value)
}
