/** By which way what we send goes to a member now, and why a direct link to it does not stand, as people read it. */

import { t } from '../lib/i18n.svelte'
import type { LinkState } from '../lib/types'
import m from './linkways/messages.json'

const WHY = {
  'direct-waits': m.waits,
  'direct-trying': m.trying,
  'direct-no-answer': m.no_answer,
  'direct-wrong-certificate': m.wrong_certificate,
  'direct-refused': m.refused,
}

export function wayTo({ way }: LinkState): string {
  if (way.by === 'direct') return t(m.directly)
  if (way.by === 'hub') return t(m.over, { hub: way.hub ?? '' })
  return way.direct ? t(m.neither) : t(m.no_hub)
}

export function whyNotDirect({ member, way }: LinkState): string {
  return way.trouble ? t(WHY[way.trouble], { member }) : ''
}
