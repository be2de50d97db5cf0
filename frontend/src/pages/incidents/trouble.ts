/** Why what she said in an incident, or of a report, did not go. */

import { inWords } from '../../lib/trouble'
import m from './trouble/messages.json'

export function troubleOf(error: unknown): string {
  return inWords(error, m)
}
