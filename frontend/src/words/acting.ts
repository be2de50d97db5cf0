/** Words of joint actions, of the chair and of communiqués: states, phases, stances, steps, and what stands against. */

import { t, type Message } from '../lib/i18n.svelte'
import said from './acting/messages.json'

const WORDS: Record<string, Message> = said

/** A word of a closed list, in the officer's language; one that this page does not know stays as it came. */
export function actingOf(word: string): string {
  const message = WORDS[word]
  return message ? t(message) : word
}

/** What keeps a proposal from being adopted, of one member, in a sentence. */
export function againstOf(word: string, member: string): string {
  const message = WORDS[word]
  return message ? t(message, { member }) : `${member}: ${word}`
}
