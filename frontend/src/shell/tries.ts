/** What is worth a first try at a trial's console, and by what it is known that it was done. */

import type { Done } from '../lib/api'
import type { Message } from '../lib/i18n.svelte'
import m from './tries/messages.json'

export type Try = { id: keyof typeof m; says: Message; place: string; doneBy: (call: Done) => boolean }

export const TRIES: readonly Try[] = [
  { id: 'read', says: m.read, place: '/inbox', doneBy: is('get', '/api/items/{ref}') },
  { id: 'write', says: m.write, place: '/compose', doneBy: sends('report') },
  { id: 'look', says: m.look, place: '/map', doneBy: is('get', '/api/tracks') },
  { id: 'watch', says: m.watch, place: '/duty', doneBy: sends('duty') },
  {
    id: 'key',
    says: m.key,
    place: '/keys',
    doneBy: (call) => is('post', '/api/officer/keys')(call) || is('post', '/api/officer/passkeys')(call),
  },
  { id: 'let', says: m.let, place: '/inbox', doneBy: states('grant') },
  { id: 'back', says: m.back, place: '/inbox', doneBy: states('recall') },
  { id: 'check', says: m.check, place: '/audit', doneBy: is('get', '/api/verify') },
]

function is(method: string, path: string): Try['doneBy'] {
  return (call) => call.method === method && call.path === path
}

function sends(kind: string): Try['doneBy'] {
  return (call) => is('post', '/api/items')(call) && (field(call.body, 'kind') ?? 'report') === kind
}

/** What was asserted is said where it was prepared: its statement names its kind. */
function states(kind: string): Try['doneBy'] {
  return (call) => {
    if (!is('post', '/api/facts')(call)) return false
    const text = field(field(call.body, 'prepared'), 'statement')
    return typeof text === 'string' && field(statement(text), 'kind') === kind
  }
}

function statement(text: string): unknown {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
  return JSON.parse(new TextDecoder().decode(bytes))
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined
}
