/** What a file says beside its picture, and the file without it; for the kinds of file that this page can read. */

import { inspectJpeg, isJpeg, stripJpeg, type Found } from './jpeg.ts'
import { inspectPng, isPng, stripPng } from './png.ts'

export type { Found }

/** `unread`: it may say where and when it was made, and this page cannot tell. */
export type Look = { kind: 'clean' } | { kind: 'says'; found: Found } | { kind: 'unread' }

const MOST = 64 * 1024 * 1024
const PLAIN = new Set(['text/plain', 'text/csv', 'application/json', 'application/xml', 'text/xml'])

/** Look at a file before it goes anywhere. */
export async function look(file: Blob): Promise<Look> {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer())
  if (!isJpeg(head) && !isPng(head)) return PLAIN.has(file.type) ? { kind: 'clean' } : { kind: 'unread' }
  if (file.size > MOST) return { kind: 'unread' }
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    const found = isJpeg(bytes) ? inspectJpeg(bytes) : inspectPng(bytes)
    const says = found.more.length > 0 || (found.said !== null && found.said.entries > 0)
    return says ? { kind: 'says', found } : { kind: 'clean' }
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'unread' }
    throw error
  }
}

/** Return a picture without what it says; only of what `look` could read. */
export async function stripped(file: Blob): Promise<Blob> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return new Blob([isJpeg(bytes) ? stripJpeg(bytes) : stripPng(bytes)], { type: file.type })
}
