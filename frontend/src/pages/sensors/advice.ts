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

/** What speaks against a source that is not believed, other than that it speaks another format or edition. */
const AGAINST: Record<string, Message> = {
  'time-apart': m.quarantined_time,
  'bad-time': m.quarantined_time,
  'time-backwards': m.quarantined_backwards,
  'no-time': m.quarantined_no_time,
  'out-of-range': m.quarantined_values,
  jump: m.quarantined_values,
  'bad-checksum': m.quarantined_line,
  'bad-parity': m.quarantined_line,
}

export function adviceOf(reason: string, mostly: string | null = null): Message {
  const against = reason === 'quarantined' && mostly ? AGAINST[mostly] : undefined
  return against ?? WORDS[reason] ?? m.other
}
