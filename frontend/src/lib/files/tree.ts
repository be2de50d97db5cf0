/** A file's name: the root of the tree of its parts (RFC 6962), as `quartet.core.attachment` makes it. */

import { joined, toText } from '../bytes.ts'

export const PART = 256 * 1024

type Bytes = Uint8Array<ArrayBuffer>

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** The tree of one file; grows part by part, in their order. */
export class FileTree {
  private readonly leaves: Bytes[] = []

  async add(part: Bytes): Promise<void> {
    this.leaves.push(await hashed(LEAF, part))
  }

  /** What names the file. */
  async id(): Promise<string> {
    return toText(await rootOf(this.leaves))
  }
}

/** Name a file, telling how far it has been read. */
export async function nameOf(file: Blob, told: (read: number) => void, stop?: AbortSignal): Promise<string> {
  const tree = new FileTree()
  for (let at = 0; at < file.size; at += PART) {
    stop?.throwIfAborted()
    await tree.add(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()))
    told(Math.min(file.size, at + PART))
  }
  return tree.id()
}

async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  const [first] = leaves
  if (first === undefined) return hashed()
  if (leaves.length === 1) return first
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return hashed(NODE, await rootOf(leaves.slice(0, split)), await rootOf(leaves.slice(split)))
}

async function hashed(...parts: Bytes[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)))
}
