/** What was begun in a form and did not go yet: kept at this browser, sealed, under the form's own name. */

import { all, forget, keep } from './kept'

const MOST = 20

/** Return what she began in a form; those beyond the newest twenty are forgotten. */
export async function begun<T>(form: string): Promise<T | null> {
  const found = await all<T>('form')
  for (const old of found.slice(MOST)) await forget('form', old.id)
  return found.find((one) => one.id === form)?.value ?? null
}

/** Keep what stands in a form; null: nothing, or it went. */
export function hold(form: string, value: unknown): Promise<void> {
  return value === null ? forget('form', form) : keep('form', form, value)
}
