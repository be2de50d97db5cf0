/** Passkeys: make one, sign in with one, and assert a statement's id with one. */

import { toBytes, toText } from './bytes'

type CredentialJson = { [name: string]: unknown }

/** Let the browser make a passkey, and return it as WebAuthn spells it in JSON. */
export async function makePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<CredentialJson> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  return spelt(await navigator.credentials.create({ publicKey }))
}

/** Let the officer answer with a passkey of hers. */
export async function answerPasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<CredentialJson> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  return spelt(await navigator.credentials.get({ publicKey }))
}

/** What a passkey says over a statement's id; `sig` is the browser's DER, which the node spells anew. */
export type PasskeyWord = {
  authenticatorData: string
  clientData: string
  signature: string
  credential: string
}

/** Assert a statement's id, with one of these passkeys. */
export async function assertWithPasskey(id: string, credentials: string[]): Promise<PasskeyWord> {
  const found = await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(id),
      userVerification: 'required',
      allowCredentials: credentials.map((one) => ({ type: 'public-key', id: toBytes(one) })),
    },
  })
  if (!(found instanceof PublicKeyCredential)) throw new Error('no passkey answered')
  const response = found.response as AuthenticatorAssertionResponse
  return {
    authenticatorData: toText(response.authenticatorData),
    clientData: toText(response.clientDataJSON),
    signature: toText(response.signature),
    credential: found.id,
  }
}

function spelt(credential: Credential | null): CredentialJson {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey answered')
  return credential.toJSON() as CredentialJson
}
