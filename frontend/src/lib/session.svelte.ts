/** Who is signed in here, and until when she may speak for the member without proving herself again. */

import { ask, hearRefusals, useWord } from './api'
import { answerPasskey } from './passkey'
import { Question } from './question.svelte'
import type { SessionView } from './types'

/** What is about to run out counts as run out: the answer takes a moment. */
const MARGIN_MS = 5000

let current = $state<SessionView | null>(null)
/** The order in which was asked who is signed in: what was asked before the answer that is shown is of the past. */
let [asks, shown] = [0, 0]
let lost = $state(false)
/** Whether it is she. */
const proving = new Question()

/** `no-csrf`: she signed in anew in another tab, and this one still says the old word. */
const GONE = new Set(['no-session', 'session-expired', 'no-csrf'])
/** What one tab does to the session, the others hear. */
const tabs = new BroadcastChannel('quartet.session')

hearRefusals((refused) => {
  if (!GONE.has(refused.reason) || !current?.officer) return
  lost = refused.reason !== 'no-csrf'
  void load()
})
tabs.addEventListener('message', () => void load())

const heard = new Set<(officer: string | null) => void>()

/** Hear who is signed in, each time that it is told: nobody, or this officer. */
export function hearSession(hear: (officer: string | null) => void): void {
  heard.add(hear)
}

export function session(): SessionView | null {
  return current
}

/** Whether her session ended while she was here, and nobody signed out. */
export function isLost(): boolean {
  return lost
}

export function isProving(): boolean {
  return proving.before !== null
}

/** What goes once she has proved that it is she, as she would call it; empty where its page says it. */
export function provingBefore(): string {
  return proving.before ?? ''
}

/** Ask the node who is signed in. */
export async function load(): Promise<void> {
  const order = ++asks
  take(await ask('get', '/api/session', { background: true }), order)
}

export async function byLink(word: string): Promise<void> {
  take(await ask('post', '/api/session/link', { body: { word } }))
  tabs.postMessage('began')
}

export async function byPasskey(): Promise<void> {
  const options = await ask('post', '/api/session/passkey/options')
  const credential = await answerPasskey(options as unknown as PublicKeyCredentialRequestOptionsJSON)
  take(await ask('post', '/api/session/passkey', { body: { credential, label: 'passkey' } }))
  tabs.postMessage('began')
}

export async function byPassword(officer: string, password: string, code: string): Promise<void> {
  take(await ask('post', '/api/session/password', { body: { officer, password, code } }))
  tabs.postMessage('began')
}

/** State for what she reads from now on; an empty word is for nothing in particular. */
export async function readFor(purpose: string): Promise<void> {
  take(await ask('put', '/api/session/purpose', { body: { purpose: purpose || null } }))
}

export async function signOut(): Promise<void> {
  await ask('delete', '/api/session')
  tabs.postMessage('ended')
  await load()
}

/** Do what speaks for the member, once she has proved in the last minutes that it is she; false if she did not.
 *
 * `fresh`: what widens or takes back wants a proof of the last few, unless a passkey is the proof. `before`: what the
 * question says that it is asked for.
 */
export async function signing(
  work: () => Promise<void>,
  wants: { fresh?: boolean; before?: string } = {},
): Promise<boolean> {
  const until = wants.fresh ? current?.fresh_until : current?.unlocked_until
  if (!holds(until) && !(await proving.ask(current?.officer ?? null, wants.before ?? ''))) return false
  await work()
  return true
}

/** End the question whether it is she. */
export function proved(done: boolean): void {
  proving.answer(done)
}

function holds(until: string | null | undefined): boolean {
  return until !== null && until !== undefined && Date.parse(until) > Date.now() + MARGIN_MS
}

/** A proof that she gave in another tab answers the question in this one; another officer's answers it with no. */
function take(view: SessionView, order = ++asks): void {
  if (order < shown) return
  shown = order
  current = view
  if (view.officer) lost = false
  proving.hear(view.officer ?? null)
  if (holds(view.fresh_until)) proved(true)
  useWord(view.csrf ?? null)
  for (const hear of heard) hear(view.officer ?? null)
}
