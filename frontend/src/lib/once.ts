/** A word under which something that she says goes once, however often it is sent. */

import { toText } from './bytes'

/** Draw one that nobody can guess. */
export function onceWord(): string {
  return toText(crypto.getRandomValues(new Uint8Array(24)))
}
