/** Ask the node. Paths, bodies and answers are typed from the node's own OpenAPI description. */

import type { paths } from '../api/schema'

type Method = 'get' | 'post' | 'put' | 'delete'
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never
}[keyof paths] &
  string
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never
type Json<C> = C extends { content: { 'application/json': infer A } } ? A : undefined
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? R extends { 200: infer A }
      ? Json<A>
      : R extends { 201: infer A }
        ? Json<A>
        : undefined
    : never
export type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody: infer B } ? Json<B> : undefined
type Named = Record<string, string | number | boolean | null | undefined>
type Asked<P extends keyof paths, M extends Method> = {
  path?: Named
  query?: Named
  body?: Body<P, M>
  /** The page asks this on its own: it does not keep the session young. */
  background?: boolean
  /** Said beside what is always said: `If-Match`. */
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** The node said no, or could not be asked; `reason` is one of its stable words. */
export class Refused extends Error {
  constructor(
    readonly reason: string,
    readonly detail: string,
    readonly status: number,
    /** How many seconds to wait before she asks again, if the node says so. */
    readonly wait = 0,
  ) {
    super(`${reason}: ${detail}`)
  }
}

let word = ''
const heard = new Set<(call: Done) => void>()
let onRefused: (refused: Refused) => void = () => {}

/** Say the session's word from now on. */
export function useWord(csrf: string | null): void {
  word = csrf ?? ''
}

/** Hear of each refusal, before whoever asked does. */
export function hearRefusals(hear: (refused: Refused) => void): void {
  onRefused = hear
}

/** A call that was done, as whoever wants to know hears of it. */
export type Done = { method: string; path: string; body: unknown }

/** Hear of each call that was done; call the result to hear no more. */
export function hearDone(hear: (call: Done) => void): () => void {
  heard.add(hear)
  return () => heard.delete(hear)
}

/** Let whoever wants to know hear of a call that was done, by `ask` or by another way. */
export function tellDone(call: Done): void {
  for (const hear of heard) hear(call)
}

/** Ask, and return the answer or throw `Refused`. */
export async function ask<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  asked: Asked<P, M> = {},
): Promise<Answer<P, M>> {
  const response = await send(method, urlOf(path, asked.path, asked.query), asked)
  if (!response.ok) throw await refusal(response)
  tellDone({ method, path, body: asked.body })
  return (response.status === 204 ? undefined : await response.json()) as Answer<P, M>
}

/** Hand over bytes; throws `Refused` as `ask` does. */
export async function carry(url: string, bytes: Blob, signal: AbortSignal): Promise<void> {
  const headers = { 'Content-Type': 'application/octet-stream', 'Quartet-Csrf': word }
  const response = await fetched(url, { method: 'PUT', headers, body: bytes, signal })
  if (!response.ok) throw await refusal(response)
}

/** Return a path's address, its names filled in. */
export function urlOf(path: string, names: Named = {}, query: Named = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(names[name])))
  const given = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  )
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text ? `${filled}?${text}` : filled
}

type Sent = {
  body?: unknown
  background?: boolean
  headers?: Record<string, string>
  signal?: AbortSignal
}

async function send(method: Method, url: string, asked: Sent): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...asked.headers }
  if (method !== 'get') headers['Quartet-Csrf'] = word
  if (asked.background) headers['Quartet-Background'] = '1'
  if (asked.body !== undefined) headers['Content-Type'] = 'application/json'
  const body = asked.body === undefined ? null : JSON.stringify(asked.body)
  return fetched(url, { method: method.toUpperCase(), headers, body, signal: asked.signal ?? null })
}

async function fetched(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw told(new Refused('no-answer', 'the node does not answer', 0))
  }
}

async function refusal(response: Response): Promise<Refused> {
  const problem: { reason?: string; detail?: string } = await response.json().catch(() => ({}))
  return told(
    new Refused(
      problem.reason ?? 'odd-answer',
      problem.detail ?? '',
      response.status,
      Number(response.headers.get('Retry-After') ?? 0),
    ),
  )
}

function told(refused: Refused): Refused {
  onRefused(refused)
  return refused
}
