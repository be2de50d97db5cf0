/** The question for a key that asserts, where none of hers does here: what she meant goes once there is one. */

import { hearSession, session } from './session.svelte'

type Asked = { officer: string | null; before: string; end: (made: boolean) => void }
let asked = $state.raw<Asked | null>(null)

/** Another officer's key says nothing of hers. */
hearSession((officer) => {
  if (asked && officer && officer !== asked.officer) keyMade(false)
})

/** What goes once there is a key, as she would call it; null while nobody is asked. */
export function keyAskedBefore(): string | null {
  return asked?.before ?? null
}

/** Ask for a key; false if she lets it be. */
export function askForKey(before: string): Promise<boolean> {
  keyMade(false) // one question at a time: what was asked before is not done
  return new Promise((end) => (asked = { officer: session()?.officer ?? null, before, end }))
}

/** End the question. */
export function keyMade(made: boolean): void {
  const was = asked
  asked = null
  was?.end(made)
}
