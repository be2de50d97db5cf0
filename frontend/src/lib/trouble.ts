/** Why what an officer said did not go, in the words of the page that she is on: for a tired officer, with what to do. */

import { Refused } from './api'
import { NoKey } from './facts'
import { t, type Message } from './i18n.svelte'

/** A page's words by the reason that the node gives; `no-key` and `not-done` are for what never came to the node. */
export type Words = Readonly<Record<string, Message>> & { readonly refused: Message }

/** Say it; what the page has no words for, as an error that is no refusal, is thrown on. */
export function inWords(error: unknown, words: Words): string {
  const own = error instanceof NoKey ? words['no-key'] : undefined
  if (own) return t(own)
  if (error instanceof Refused) {
    const { reason, detail } = error
    return t(words[reason] ?? words.refused, { reason, detail })
  }
  if (words['not-done']) return t(words['not-done'])
  throw error
}
