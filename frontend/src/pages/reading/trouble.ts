/** Why something that she would assert was not done, in words. */

import { inWords } from '../../lib/trouble'
import m from './messages.json'

export function troubleOf(error: unknown): string {
  return inWords(error, { 'no-key': m.no_key, 'not-done': m.not_done, refused: m.refused })
}
