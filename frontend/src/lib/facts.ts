/** State a fact - a grant, a recall, its cancellation - with the officer's own assertion over its exact bytes. */

import { ask } from './api'
import { assertWithBrowserKey, haveBrowserKey } from './browserkey'
import { assertWithPasskey } from './passkey'
import { session } from './session.svelte'
import type { FactDraft, OfficerKey, Prepared } from './types'

/** No key of hers that root enrolled can assert here. */
export class NoKey extends Error {}

/** Prepare a fact, let the officer assert it - with this browser's own key if it has one - and publish it. */
export async function state(draft: FactDraft): Promise<void> {
  const officer = session()?.officer ?? ''
  const { keys } = await ask('get', '/api/officer')
  const enrolled = keys.filter((key) => key.enrolled)
  const own = await haveBrowserKey(officer)
  const key = enrolled.find((one) => one.kind === 'browser' && one.key === own)
  const passkeys = enrolled.filter((one) => one.kind === 'passkey' && one.origin === location.origin)
  if (key === undefined && passkeys.length === 0) throw new NoKey()
  const prepared = await ask('post', '/api/facts/prepared', { body: draft })
  if (key !== undefined) await byKey(prepared, officer, key)
  else await byPasskey(prepared, passkeys)
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
