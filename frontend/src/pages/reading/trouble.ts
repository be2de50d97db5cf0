/** Why something that she would assert was not done, in words. */

import { Refused } from '../../lib/api'
import { NoKey } from '../../lib/facts'
import { t } from '../../lib/i18n.svelte'
import m from './messages.json'

export function troubleOf(error: unknown): string {
  if (error instanceof NoKey) return t(m.no_key)
  if (error instanceof Refused) return t(m.refused, { reason: error.reason, detail: error.detail })
  return t(m.not_done)
}
