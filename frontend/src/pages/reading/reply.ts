/** A reply that was begun and not sent: kept at this browser, sealed, with the word under which it goes once. */

import { all, forget, keep } from '../../lib/kept'

export type Reply = { text: string; once: string }

const MOST = 20

/** Return what she began to say beside an item; those beyond the newest twenty are forgotten. */
export async function begun(ref: string): Promise<Reply | null> {
  const found = await all<Reply>('reply')
  for (const old of found.slice(MOST)) await forget('reply', old.id)
  return found.find((one) => one.id === ref)?.value ?? null
}

/** Keep a reply; one that says nothing is kept no more. */
export async function hold(ref: string, reply: Reply): Promise<void> {
  await (reply.text.trim() === '' ? forget('reply', ref) : keep('reply', ref, reply))
}
