/** Why what she said of a warning did not go. */

import { inWords } from '../../lib/trouble'
import m from './trouble/messages.json'

export function troubleOf(error: unknown): string {
  return inWords(error, m)
}
