/** Languages as texts have them, beyond those that the page speaks: their direction, and their names. */

import { language } from './i18n.svelte'

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'ckb', 'yi', 'ug', 'sd', 'dv'])

/** From where a text in a language is read: `ar-LB` as `ar`. */
export function directionOf(code: string): 'rtl' | 'ltr' {
  return RIGHT_TO_LEFT.has(code.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}

/** What a language is called in the officer's own; its code where nobody knows. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(language(), { type: 'language' }).of(code) ?? code
  } catch (error) {
    if (error instanceof RangeError) return code
    throw error
  }
}
