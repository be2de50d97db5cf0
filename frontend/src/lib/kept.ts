/** What an officer keeps at this browser - drafts, replies, presets, queries - sealed: only her own session at her node opens it.
 *
 * The key is her node's, for her alone, and is held in memory while she is signed in; on the disk lies what nobody reads.
 * It goes when she signs out, or somebody else signs in; what lies here opens again when she comes back.
 */

import { ask, Refused } from './api'
import { joined, toBytes } from './bytes'
import { hearSession, load, session } from './session.svelte'

export type Kind = 'draft' | 'form' | 'preset' | 'query' | 'reply'
export type Kept<T> = { id: string; at: number; value: T }
type Sealed = { place: string; at: number; data: Uint8Array<ArrayBuffer> }

const [BASE, STORE, IV] = ['quartet.kept', 'kept', 12]

/** The key of whoever is signed in, once it was asked for. */
let held: { officer: string; key: Promise<CryptoKey> } | null = null

hearSession((officer) => {
  if (held?.officer !== officer) held = null
})

/** What was to be kept or forgotten last: each waits for the one before, or what was forgotten could come back. */
let last: Promise<unknown> = Promise.resolve()

/** Keep a value under a name, in place of what was kept there. */
export function keep(kind: Kind, id: string, value: unknown): Promise<void> {
  const officer = whose()
  const place = placeOf(officer, kind, id)
  const plain = new TextEncoder().encode(JSON.stringify(value))
  return inTurn(async () => {
    const iv = crypto.getRandomValues(new Uint8Array(IV))
    const sealed = await crypto.subtle.encrypt(bound(iv, place), await keyOf(officer), plain)
    const record: Sealed = { place, at: Date.now(), data: joined(iv, new Uint8Array(sealed)) }
    await within('readwrite', (store) => store.put(record))
  })
}

/** Return what keeps something at once, each time that it is called: what changes while it works it keeps after that. */
export function asItChanges(put: () => Promise<void>): () => Promise<void> {
  let [working, changed] = [false, false]
  return async () => {
    changed = true
    if (working) return
    working = true
    try {
      while (changed) {
        changed = false
        await put()
      }
    } finally {
      working = false
    }
  }
}

/** Everything of a kind that this officer keeps here, the newest first; what does not open is left out. */
export async function all<T>(kind: Kind): Promise<Kept<T>[]> {
  const officer = whose()
  const from = placeOf(officer, kind, '')
  const range = IDBKeyRange.bound(from, `${from}\uffff`)
  const found = (await within('readonly', (store) => store.getAll(range))) as Sealed[]
  const values = await Promise.all(found.map((one) => open<T>(one, officer, from)))
  return values.flatMap((one) => one ?? []).sort((a, b) => b.at - a.at)
}

export function forget(kind: Kind, id: string): Promise<void> {
  const place = placeOf(whose(), kind, id)
  return inTurn(() => within('readwrite', (store) => store.delete(place)))
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work)
  last = done.catch(() => undefined)
  return done
}

async function open<T>(sealed: Sealed, officer: string, from: string): Promise<Kept<T> | null> {
  try {
    const how = bound(sealed.data.slice(0, IV), sealed.place)
    const plain = await crypto.subtle.decrypt(how, await keyOf(officer), sealed.data.slice(IV))
    const value = JSON.parse(new TextDecoder().decode(plain)) as T
    return { id: sealed.place.slice(from.length), at: sealed.at, value }
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

function bound(iv: Uint8Array<ArrayBuffer>, place: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) }
}

function whose(): string {
  return session()?.officer ?? ''
}

function placeOf(officer: string, kind: Kind, id: string): string {
  const here = session()
  return JSON.stringify([here?.exchange, here?.member, officer, kind]) + id
}

/** The key of an officer; throws `Refused` where somebody else is signed in by now, as another tab may have done. */
async function keyOf(officer: string): Promise<CryptoKey> {
  if (held?.officer !== officer) held = { officer, key: fetchKey(officer) }
  const asked = held
  try {
    return await asked.key
  } catch (error) {
    if (held === asked) held = null
    throw error
  }
}

async function fetchKey(officer: string): Promise<CryptoKey> {
  const told = await ask('get', '/api/session/keeping', { background: true })
  if (told.officer !== officer) {
    void load()
    throw new Refused('no-session', 'another officer is signed in at this browser', 401)
  }
  return crypto.subtle.importKey('raw', toBytes(told.key), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function within<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const base = await promised(openBase())
  try {
    const deed = base.transaction(STORE, mode)
    const [result] = await Promise.all([promised(work(deed.objectStore(STORE))), committed(deed)])
    return result
  } finally {
    base.close()
  }
}

function openBase(): IDBOpenDBRequest {
  const request = indexedDB.open(BASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'place' })
  return request
}

/** Wait until a page that goes now takes nothing of it along: a request that succeeded may still be undone with its page. */
function committed(deed: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    deed.oncomplete = () => resolve()
    deed.onabort = () => reject(deed.error ?? new Error('the browser keeps nothing'))
  })
}

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'))
  })
}
