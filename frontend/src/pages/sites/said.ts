/** How distances, directions and refusals of sites are said. */

import { Refused } from '../../lib/api'
import { t } from '../../lib/i18n.svelte'
import m from './messages.json'

const MILE_M = 1852
const FAR_M = 1000

/** `2.4 NM`, `380 m`. */
export function away(metres: number): string {
  return metres < FAR_M ? `${Math.round(metres)} m` : `${(metres / MILE_M).toFixed(1)} NM`
}

/** `087°` */
export function bearing(degrees: number): string {
  return `${String(Math.round(degrees) % 360).padStart(3, '0')}°`
}

/** Why something was not done; whatever is no refusal is a fault of ours. */
export function troubleOf(error: unknown): string {
  if (!(error instanceof Refused)) throw error
  if (error.reason === 'site-closed') return t(m.was_closed, { change: t(m.change) })
  return t(m.not_done, { reason: error.reason, detail: error.detail })
}
