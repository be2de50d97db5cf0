/** An Ed25519 key that this browser draws and keeps, and whose private half no script can read: for officers without a
 * passkey. It asserts as an officer's key does, once root has enrolled it. */

import { joined, toBytes, toText } from './bytes'

const NAME = 'quartet'
const STORE = 'keys'
const KIND = 'application/vnd.quartet.assertion'

/** Return this browser's public key for an officer, drawing the pair if there is none. */
export async function browserKey(officer: string): Promise<string> {
  return publicText((await kept(officer)) ?? (await draw(officer)))
}

/** Return this browser's public key for an officer, if it has one. */
export async function haveBrowserKey(officer: string): Promise<string | null> {
  const pair = await kept(officer)
  return pair === undefined ? null : publicText(pair)
}

/** Sign a statement's id: Ed25519 over its DSSE encoding, as an officer's key at the command line does. */
export async function assertWithBrowserKey(officer: string, id: string): Promise<string> {
  const pair = await kept(officer)
  if (pair === undefined) throw new Error('this browser has no key')
  const payload = toBytes(id)
  const head = new TextEncoder().encode(`DSSEv1 ${KIND.length} ${KIND} ${payload.length} `)
  return toText(await crypto.subtle.sign('Ed25519', pair.privateKey, joined(head, payload)))
}

async function publicText(pair: CryptoKeyPair): Promise<string> {
  return toText(await crypto.subtle.exportKey('raw', pair.publicKey))
}

async function draw(officer: string): Promise<CryptoKeyPair> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair
  await within('readwrite', (keys) => keys.put(pair, officer))
  return pair
}

function kept(officer: string): Promise<CryptoKeyPair | undefined> {
  return within('readonly', (keys) => keys.get(officer))
}

async function within<T>(
  mode: IDBTransactionMode,
  work: (keys: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const base = await opened()
  try {
    return await promised(work(base.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    base.close()
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return promised(request)
}

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'))
  })
}
