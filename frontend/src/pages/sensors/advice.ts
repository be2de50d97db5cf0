/** Why a sensor is not simply well, and what to do: by the node's reason words. */

import type { Message } from '../../lib/i18n.svelte'
import m from './reasons/messages.json'

const WORDS: Record<string, Message> = {
  quarantined: m.quarantined,
  'never-heard': m.never_heard,
  'not-heard-yet': m.not_heard_yet,
  silent: m.silent,
  late: m.late,
  'not-begun': m.not_begun,
  'not-reached': m.not_reached,
  ended: m.ended,
  'no-marking': m.no_marking,
  'feed-recalled': m.feed_recalled,
  'not-in-use': m.not_in_use,
  'offset-doubtful': m.offset_doubtful,
  bug: m.bug,
}

export function adviceOf(reason: string): Message {
  return WORDS[reason] ?? m.other
}
