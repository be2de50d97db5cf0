/** The question for a key that asserts, where none of hers does here: what she meant goes once there is one. */

import { Question } from './question.svelte'
import { hearSession, session } from './session.svelte'

const question = new Question()

/** Another officer's key says nothing of hers. */
hearSession((officer) => question.hear(officer))

/** What goes once there is a key, as she would call it; null while nobody is asked. */
export function keyAskedBefore(): string | null {
  return question.before
}

/** Ask for a key; false if she lets it be. */
export function askForKey(before: string): Promise<boolean> {
  return question.ask(session()?.officer ?? null, before)
}

/** End the question. */
export function keyMade(made: boolean): void {
  question.answer(made)
}
