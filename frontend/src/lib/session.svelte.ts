/** Who is signed in here, and until when she may speak for the member without proving herself again. */

import { ask, hearRefusals, useWord } from './api'
import { answerPasskey } from './passkey'
import type { SessionView } from './types'

let current = $state<SessionView | null>(null)
let proving = $state<((done: boolean) => void) | null>(null)

const GONE = new Set(['no-session', 'session-expired'])

hearRefusals((refused) => {
  if (GONE.has(refused.reason) && current?.officer) void load()
})

export function session(): SessionView | null {
  return current
}

export function isProving(): boolean {
  return proving !== null
}

/** Ask the node who is signed in. */
export async function load(): Promise<void> {
  take(await ask('get', '/api/session', { background: true }))
}

export async function byLink(word: string): Promise<void> {
  take(await ask('post', '/api/session/link', { body: { word } }))
}

export async function byPasskey(): Promise<void> {
  const options = await ask('post', '/api/session/passkey/options')
  const credential = await answerPasskey(options as unknown as PublicKeyCredentialRequestOptionsJSON)
  take(await ask('post', '/api/session/passkey', { body: { credential, label: 'passkey' } }))
}

export async function byPassword(officer: string, password: string, code: string): Promise<void> {
  take(await ask('post', '/api/session/password', { body: { officer, password, code } }))
}

/** State for what she reads from now on; an empty word is for nothing in particular. */
export async function readFor(purpose: string): Promise<void> {
  take(await ask('put', '/api/session/purpose', { body: { purpose: purpose || null } }))
}

export async function signOut(): Promise<void> {
  await ask('delete', '/api/session')
  await load()
}

/** Do what speaks for the member, once she has proved in the last minutes that it is she; false if she did not. */
export async function signing(work: () => Promise<void>): Promise<boolean> {
  if (!unlocked() && !(await prove())) return false
  await work()
  return true
}

/** End the question whether it is she. */
export function proved(done: boolean): void {
  proving?.(done)
  proving = null
}

function unlocked(): boolean {
  const until = current?.unlocked_until
  return until !== null && until !== undefined && Date.parse(until) > Date.now() + 5000
}

function prove(): Promise<boolean> {
  return new Promise((resolve) => (proving = resolve))
}

function take(view: SessionView): void {
  current = view
  useWord(view.csrf ?? null)
}
