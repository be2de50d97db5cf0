/** State a fact - a grant, a recall, its cancellation - with the officer's own assertion over its exact bytes. */

import { ask } from './api'
import { assertWithBrowserKey, haveBrowserKey } from './browserkey'
import { askForKey } from './firstkey.svelte'
import { assertWithPasskey } from './passkey'
import { session, signing } from './session.svelte'
import type { Draft, FactDraft, OfficerKey, OfficerView, Prepared, Speech } from './types'

/** No key of hers that root enrolled can assert here. */
export class NoKey extends Error {}

type Keys = { own: OfficerKey | undefined; passkeys: OfficerKey[] }

/** Prepare a fact, let the officer assert it - with this browser's own key if it has one - and publish it. */
export async function state(draft: FactDraft): Promise<boolean> {
  const keys = await enrolled()
  return stated(keys, () => prepare(draft))
}

/** Say what an officer must assert about an item - a position, an acknowledgement - as a fact is stated. */
export async function stateSaid(ref: string, speech: Speech): Promise<boolean> {
  const keys = await enrolled()
  return stated(keys, () => ask('post', '/api/items/{ref}/said/prepared', { path: { ref }, body: speech }))
}

/** Say something of its own that an officer must assert: what she does who presides. */
export async function stateItem(draft: Draft): Promise<boolean> {
  const keys = await enrolled()
  return stated(keys, () => ask('post', '/api/items/prepared', { body: draft }))
}

/** Say what the chair says: whatever she asserts is prepared first, and what she signs is its exact bytes. */
export async function stateAsChair(prepared: () => Promise<Prepared>): Promise<boolean> {
  return stated(await enrolled(), prepared)
}

/** Say what a route of its own prepares - a warning, its check, its acknowledgement - with her own key. */
export const statePrepared = stateAsChair

/** Say it as soon as a key of hers asserts here: where none does she is led to one, and stays where she is.
 *
 * `before` is what the questions say that they are asked for. False if she let it be.
 */
export async function stateUrgent(before: string, prepared: () => Promise<Prepared>): Promise<boolean> {
  const keys = (await keysHere()) ?? ((await askForKey(before)) ? await enrolled() : null)
  return keys !== null && stated(keys, prepared, before)
}

/** Whether a key of hers that root enrolled asserts here, by what the node says of her. */
export async function mayAssert(officer: OfficerView): Promise<boolean> {
  return (await among(officer)) !== null
}

/** Publish what was prepared before, and shown to the officer, with her assertion; false if she did not prove herself. */
export async function assertPrepared(prepared: Prepared): Promise<boolean> {
  return stated(await enrolled(), () => Promise.resolve(prepared))
}

/** Prepare a fact: the exact bytes that she would assert. Nothing happens yet. */
export function prepare(draft: FactDraft): Promise<Prepared> {
  return ask('post', '/api/facts/prepared', { body: draft })
}

/** A passkey shows by itself that it is she; before a browser's key counts, she proves it in these minutes. */
function stated(keys: Keys, prepared: () => Promise<Prepared>, before = ''): Promise<boolean> {
  return signing(() => publish(keys, prepared), { fresh: keys.own !== undefined, before })
}

async function publish({ own, passkeys }: Keys, prepared: () => Promise<Prepared>): Promise<void> {
  if (own !== undefined) await byKey(await prepared(), session()?.officer ?? '', own)
  else await byPasskey(await prepared(), passkeys)
}

async function enrolled(): Promise<Keys> {
  const keys = await keysHere()
  if (keys === null) throw new NoKey()
  return keys
}

async function keysHere(): Promise<Keys | null> {
  return among(await ask('get', '/api/officer'))
}

async function among({ keys }: OfficerView): Promise<Keys | null> {
  const counted = keys.filter((key) => key.enrolled)
  const here = await haveBrowserKey(session()?.officer ?? '')
  const own = counted.find((one) => one.kind === 'browser' && one.key === here)
  const passkeys = counted.filter((one) => one.kind === 'passkey' && one.origin === location.origin)
  return own === undefined && passkeys.length === 0 ? null : { own, passkeys }
}

async function byPasskey(prepared: Prepared, passkeys: OfficerKey[]): Promise<void> {
  const word = await assertWithPasskey(
    prepared.id,
    passkeys.flatMap((one) => one.credential ?? []),
  )
  const key = passkeys.find((one) => one.credential === word.credential)
  if (key === undefined) throw new NoKey()
  const assertion = {
    key_id: key.id,
    authenticator_data: word.authenticatorData,
    client_data: word.clientData,
    sig: word.signature,
  }
  await ask('post', '/api/facts', { body: { prepared, assertion } })
}

async function byKey(prepared: Prepared, officer: string, key: OfficerKey): Promise<void> {
  const sig = await assertWithBrowserKey(officer, prepared.id)
  const assertion = { key_id: key.id, authenticator_data: null, client_data: null, sig }
  await ask('post', '/api/facts', { body: { prepared, assertion } })
}
