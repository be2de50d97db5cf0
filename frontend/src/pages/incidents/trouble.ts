/** Why what she said in an incident, or of a report, did not go: in words for a tired officer, with what to do. */

import { Refused } from '../../lib/api'
import { t } from '../../lib/i18n.svelte'
import m from './trouble/messages.json'

export function troubleOf(error: unknown): string {
  if (!(error instanceof Refused)) throw error
  const known = m[error.reason as keyof typeof m]
  if (known) return t(known, { detail: error.detail })
  return t(m['refused'], { reason: error.reason, detail: error.detail })
}
