/** What is being written, and what its officer left: each draft is kept at this browser as she types, sealed (`lib/kept`).
 *
 * A draft has a word of its own. Under it her node takes it once, however often it is sent; `going` is that it was sent and
 * no answer came, so that she does not know.
 */

import { ask, Refused } from '../../lib/api'
import { all, asItChanges, forget, keep, type Kept } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import { namesIn } from '../../lib/typed'
import type { Attachment, Draft, Shown } from '../../lib/types'
import { utcOf, utcText } from '../../lib/utc'
import { asNow, eventOf, formOf, type Event } from './events'
import { dropAll, files, restore } from './files.svelte'

type Writing = {
  title: string
  text: string
  tlp: Draft['tlp'] | ''
  to: string[]
  persons: string
  precedence: NonNullable<Draft['precedence']>
  onward: NonNullable<Draft['onward']>
  mode: NonNullable<Draft['mode']>
  exercise: boolean
  expires: string
  /** What this takes the place of, by its reference. */
  corrects: string
  events: Event[]
}
export type Left = { writing: Writing; files: Attachment[]; going: boolean }

const EMPTY: Writing = {
  title: '',
  text: '',
  tlp: '',
  to: [],
  persons: '',
  precedence: 'ROUTINE',
  onward: 'ASK',
  mode: 'RELEASE',
  exercise: false,
  expires: '',
  corrects: '',
  events: [],
}
const MOST = 20

export const writing = $state<Writing>(structuredClone(EMPTY))
/** Of the draft on the page: whether it was sent and no answer came, whether it is kept, files her node has no more; `changes`
 * counts what was kept and forgotten since. */
export const fate = $state<{ going: boolean; kept: boolean; lost: string[]; changes: number }>({
  going: false,
  kept: false,
  lost: [],
  changes: 0,
})

let owner = ''
let word = $state(onceWord())

/** Say whose draft it is: what another officer left on this page is not hers. */
export function belongs(officer: string): void {
  if (officer !== owner) clear()
  owner = officer
}

/** Begin anew; the draft before stays where it is kept, or not at all. */
export function clear(): void {
  dropAll()
  Object.assign(writing, structuredClone(EMPTY))
  Object.assign(fate, { going: false, kept: false, lost: [] })
  word = onceWord()
}

/** Whether there is something to keep. */
export function begun(): boolean {
  return writing.title.trim() !== '' || writing.text.trim() !== '' || files().length > 0
}

/** The draft as the node takes it; null while it has no marking, which is never chosen for her, or nothing to say. */
export function asDraft(): Draft | null {
  const attachments = ready()
  const form = formOf(writing.events)
  const says = writing.text.trim() !== '' || attachments.length > 0
  if (writing.tlp === '' || writing.title.trim() === '' || !says || form === null) return null
  if (writing.expires.trim() !== '' && Number.isNaN(utcOf(writing.expires))) return null
  const persons = namesIn(writing.persons)
  return {
    tlp: writing.tlp,
    title: writing.title.trim(),
    text: writing.text,
    to: [...writing.to],
    kind: 'report',
    precedence: writing.precedence,
    onward: writing.onward,
    mode: writing.mode,
    caveats: writing.exercise ? ['EXERCISE'] : [],
    persons: writing.tlp === 'RED' ? persons : [],
    attachments,
    ...(writing.expires.trim() ? { expires: new Date(utcOf(writing.expires)).toISOString() } : {}),
    ...(writing.corrects ? { corrects: writing.corrects } : {}),
    ...(form ? { form } : {}),
  }
}

/** Send a draft under its word; throws `Refused`. What was refused may be mended; what was not answered is `going`. */
export async function sendOnce(draft: Draft): Promise<string> {
  fate.going = true
  await save()
  try {
    const { ref } = await ask('post', '/api/items', { body: { ...draft, once: word } })
    await done()
    return ref
  } catch (error) {
    if (error instanceof Refused && error.status !== 0) fate.going = false
    if (error instanceof Refused && error.reason === 'already-sent') await another()
    await save()
    throw error
  }
}

/** Ask what became of a draft that was sent: its reference, or null if it did not go; throws `Refused`. */
export async function became(): Promise<string | null> {
  try {
    const { ref } = await ask('get', '/api/drafts/{word}', { path: { word } })
    await done()
    return ref
  } catch (error) {
    if (!(error instanceof Refused) || error.reason !== 'unknown-item') throw error
    fate.going = false
    await save()
    return null
  }
}

/** Keep the draft on the page as it changes, and say nothing of it; one that says nothing is kept no more. */
export const keepOn = asItChanges(() => (begun() ? keep('draft', word, leaving()) : forget('draft', word)))

/** Keep the draft on the page, and say so. */
export async function save(): Promise<void> {
  if (!begun()) return forget('draft', word)
  const left = leaving()
  await keep('draft', word, left)
  fate.kept = JSON.stringify(left) === JSON.stringify(leaving()) // she may have typed on meanwhile
  fate.changes += 1
}

function leaving(): Left {
  return { writing: $state.snapshot(writing), files: ready(), going: fate.going }
}

/** The drafts that this officer left here, the newest first; those beyond the newest twenty are forgotten. */
export async function left(): Promise<Kept<Left>[]> {
  const found = await all<Left>('draft')
  for (const old of found.slice(MOST)) await forget('draft', old.id)
  return found.slice(0, MOST)
}

/** Go on with a draft that was left. */
export async function take(one: Kept<Left>): Promise<void> {
  word = one.id
  Object.assign(writing, structuredClone(EMPTY), one.value.writing)
  writing.events = writing.events.map(asNow)
  fate.going = one.value.going
  fate.lost = await restore(one.value.files)
}

/** Begin a draft that takes an item's place: what that says and to whom, to be put right. Its files she attaches anew.
 *
 * Returns false, and does nothing, where the item or its marking says what this page has no field for: it would be lost.
 */
export function correct(item: Shown): boolean {
  const { marking } = item
  const body = item.body as { text?: unknown; form?: { events?: Record<string, unknown>[] } } | null
  const events = (body?.form?.events ?? []).map(eventOf)
  const narrower = (marking.caveats ?? []).some((word) => word !== 'EXERCISE') || marking.purposes?.length
  if (narrower || marking.hold || marking.downgrade?.length) return false
  if (!events.every((one) => one !== null)) return false
  clear()
  const says = body?.text
  Object.assign(writing, {
    title: item.title,
    text: typeof says === 'string' ? says : '',
    tlp: item.tlp,
    to: (marking.rel ?? []).filter((member) => member !== item.author),
    persons: (marking.persons ?? []).join(', '),
    precedence: item.precedence ?? 'ROUTINE',
    onward: marking.onward ?? 'ASK',
    mode: marking.mode ?? 'RELEASE',
    exercise: (marking.caveats ?? []).includes('EXERCISE'),
    expires: marking.expires ? utcText(new Date(marking.expires / 1000)) : '',
    corrects: item.ref,
    events,
  })
  return true
}

/** Which draft is on the page. */
export function which(): string {
  return word
}

/** Forget a draft: the one on the page, or another. */
export async function discard(id = word): Promise<void> {
  if (id === word) clear()
  await forget('draft', id)
  fate.changes += 1
}

/** What was changed after it went is another draft: if she sends it, it is another item. */
async function another(): Promise<void> {
  await forget('draft', word)
  word = onceWord()
}

async function done(): Promise<void> {
  await discard()
}

function ready(): Attachment[] {
  return files()
    .filter((one) => one.state === 'ready')
    .map((one) => one.named())
}
