/** Why a situation report did not go, or cannot be shown. */

import { inWords } from '../../lib/trouble'
import m from './trouble/messages.json'

export function troubleOf(error: unknown): string {
  return inWords(error, m)
}
