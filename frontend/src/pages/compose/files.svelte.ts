/** The files that go with what is being written: looked at, made clean if she wishes, named, and handed to her node. */

import { Refused } from '../../lib/api'
import { look, stripped, type Found } from '../../lib/files/picture'
import { nameOf } from '../../lib/files/tree'
import { partsOf, upload } from '../../lib/files/upload'
import { PART } from '../../lib/files/tree'
import type { Attachment } from '../../lib/types'

export const MOST_FILES = 32
export const LARGEST = 2 * 1024 ** 3
const LONGEST_NAME = 255

export type Refusal = 'empty' | 'too_large' | 'too_many' | 'long_name' | 'twice'

/** One file on its way; it is `ready` once the node has all of it. */
export class Going {
  readonly key = crypto.randomUUID()
  name: string
  type: string
  size = $state(0)
  id = $state('')
  state = $state<'looking' | 'naming' | 'sending' | 'waiting' | 'ready' | 'failed'>('looking')
  done = $state(0)
  trouble = $state('')
  found = $state.raw<Found | null>(null)
  unread = $state(false)
  /** What it says beside the picture stays in it: by her choice only. */
  keeps = $state(false)
  /** A picture of it, drawn by this browser alone. */
  shown = $state<string | null>(null)
  private stop = new AbortController()

  constructor(
    private readonly file: Blob | null,
    name: string,
  ) {
    this.name = name
    this.type = file?.type ?? ''
    this.size = file?.size ?? 0
  }

  /** Look at it, and hand it over; again from the beginning if it changed, from where it was if it did not. */
  async go(): Promise<void> {
    this.stop.abort()
    const stop = (this.stop = new AbortController()).signal
    this.trouble = ''
    try {
      await this.work(stop)
    } catch (error) {
      if (stop.aborted) return
      this.state = 'failed'
      this.trouble = error instanceof Refused ? error.reason : 'no-file'
    }
  }

  /** Let it go; what the node has of it is forgotten there after a day. */
  cancel(): void {
    this.stop.abort()
    if (this.shown) URL.revokeObjectURL(this.shown)
  }

  named(): Attachment {
    return { id: this.id, name: this.name, size: this.size, media_type: this.type || OCTETS }
  }

  private async work(stop: AbortSignal): Promise<void> {
    if (this.file === null) return
    this.state = 'looking'
    const seen = await look(this.file)
    this.unread = seen.kind === 'unread'
    this.found = seen.kind === 'says' ? seen.found : null
    const leaves = this.found && !this.keeps ? await stripped(this.file) : this.file
    stop.throwIfAborted()
    this.size = leaves.size
    this.show(leaves)
    this.state = 'naming'
    this.id = await nameOf(leaves, (read) => (this.done = read), stop)
    this.state = 'sending'
    this.done = 0
    await upload(this.id, leaves, this.told(), stop)
    this.state = 'ready'
  }

  private told() {
    return {
      sent: (bytes: number): void => void (this.done = bytes),
      waiting: (reason: string | null): void => {
        this.state = reason === null ? 'sending' : 'waiting'
        this.trouble = reason ?? ''
      },
    }
  }

  private show(leaves: Blob): void {
    if (this.shown) URL.revokeObjectURL(this.shown)
    this.shown = DRAWN.has(this.type) ? URL.createObjectURL(leaves) : null
  }
}

const OCTETS = 'application/octet-stream'
const DRAWN = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

let going = $state<Going[]>([])

export function files(): readonly Going[] {
  return going
}

/** Whether every file is at her node, whole. */
export function whole(): boolean {
  return going.every((one) => one.state === 'ready')
}

/** Take files; return why some were left out, each with its name. */
export function take(chosen: readonly File[]): [string, Refusal][] {
  const refused: [string, Refusal][] = []
  for (const file of chosen) {
    const name = file.name.normalize('NFC') || 'pasted'
    const why = refusal(file, name)
    if (why) refused.push([name, why])
    else add(new Going(file, name))
  }
  return refused
}

/** Go on with what was interrupted: by a sign-in, or by a node that fell. */
export function resume(): void {
  for (const one of going) if (one.state === 'failed') void one.go()
}

export function drop(one: Going): void {
  one.cancel()
  going = going.filter((other) => other.key !== one.key)
}

export function dropAll(): void {
  for (const one of going) one.cancel()
  going = []
}

/** Take back files of a draft that was left: those that her node still has whole. Return the names of the others. */
export async function restore(named: readonly Attachment[]): Promise<string[]> {
  dropAll()
  const lost: string[] = []
  for (const file of named) {
    const here = await partsOf(file.id)
    if (here.length < Math.ceil(file.size / PART)) lost.push(file.name)
    else going.push(back(file))
  }
  return lost
}

function back(file: Attachment): Going {
  const one = new Going(null, file.name)
  one.size = one.done = file.size
  one.id = file.id
  one.type = file.media_type ?? ''
  one.state = 'ready'
  return one
}

function add(one: Going): void {
  going.push(one)
  void going.at(-1)?.go()
}

function refusal(file: File, name: string): Refusal | null {
  if (file.size === 0) return 'empty'
  if (file.size > LARGEST) return 'too_large'
  if (going.length >= MOST_FILES) return 'too_many'
  if (new TextEncoder().encode(name).length > LONGEST_NAME) return 'long_name'
  return going.some((one) => one.name === name && one.size === file.size) ? 'twice' : null
}
