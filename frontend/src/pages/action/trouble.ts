/** Why what she said of an action or a text did not go: in words for a tired officer, with what to do. */

import { Refused } from '../../lib/api'
import { NoKey } from '../../lib/facts'
import { t, type Message } from '../../lib/i18n.svelte'
import m from './trouble/messages.json'

const KNOWN: Record<string, Message> = m

export function troubleOf(error: unknown): string {
  if (error instanceof NoKey) return t(m['no-key'])
  if (!(error instanceof Refused)) return t(m['not-done'])
  const { reason, detail } = error
  return t(KNOWN[reason] ?? m.refused, { reason, detail })
}
