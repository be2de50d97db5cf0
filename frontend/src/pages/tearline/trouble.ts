/** Why a tear-line did not go, or cannot be looked at. */

import { inWords } from '../../lib/trouble'
import m from './trouble/messages.json'

export function troubleOf(error: unknown): string {
  return inWords(error, m)
}
