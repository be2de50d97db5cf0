import { t } from './i18n.svelte'
import m from '../parts/messages.json'

/** What the node puts before the name of all that an exercise's feed sees, so that no drill takes a real one's name. */
const MARK = 'EXERCISE/'

/** Whether a mover is of an exercise: nothing else's name begins so. */
export function drills(name: string): boolean {
  return name.startsWith(MARK)
}

/** Return a mover's name for where the word EXERCISE stands beside it already. */
export function bare(name: string): string {
  return drills(name) ? name.slice(MARK.length) : name
}

/** Return what a question calls something, and before it that it is of an exercise: no drill is answered as if it were real. */
export function called(what: string, exercise: boolean | undefined): string {
  return exercise ? `${t(m.exercise)} ${what}` : what
}
