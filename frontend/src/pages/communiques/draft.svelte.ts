/** The text that an officer drafts in several languages: kept at this browser as she types, and sent once under its word. */

import { ask } from '../../lib/api'
import { begun, hold } from '../../lib/begun'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import { namesIn } from '../../lib/typed'
import type { CommuniqueView, Draft } from '../../lib/types'

type Version = { language: string; title: string; text: string }
type Left = {
  versions: Version[]
  members: string[]
  tlp: Draft['tlp'] | ''
  persons: string
  once: string
}

export class Drafting {
  versions = $state<Version[]>([])
  members = $state<string[]>([])
  tlp = $state<Draft['tlp'] | ''>('')
  persons = $state('')
  /** Whether what she began here was taken up: before that nothing is kept, or it would be lost. */
  ready = $state(false)
  readonly keepOn: () => Promise<void>
  private once = onceWord()
  private readonly name: string

  constructor(private readonly previous: string | null) {
    this.name = `communique ${previous ?? ''}`
    this.keepOn = asItChanges(() => hold(this.name, this.said ? this.left : null))
  }

  /** Take up what she began, else the terms of the version whose place it takes, else a text in her language. */
  async begin(own: string, me: string, old: () => Promise<CommuniqueView | null>): Promise<void> {
    const left = await begun<Left>(this.name)
    if (left !== null) Object.assign(this, left)
    else if (this.previous === null) Object.assign(this, { versions: [fresh(own)], members: [me] })
    else this.takes(await old())
    this.ready = true
  }

  add(language: string): void {
    this.versions.push(fresh(language))
  }

  drop(language: string): void {
    this.versions = this.versions.filter((one) => one.language !== language)
  }

  /** The draft as the node takes it; null while something is missing. */
  asDraft(me: string): Draft | null {
    const versions = this.versions.map((one) => ({ ...one, title: one.title.trim(), text: one.text.trim() }))
    const title = versions[0]?.title
    const lacks = versions.some((one) => one.title === '' || one.text === '')
    if (!title || lacks || this.tlp === '' || this.members.length === 0) return null
    return {
      kind: 'communique-draft',
      tlp: this.tlp,
      title,
      text: '',
      to: this.members.filter((member) => member !== me),
      persons: this.tlp === 'RED' ? namesIn(this.persons) : [],
      form: {
        versions,
        members: [...this.members].sort(),
        ...(this.previous === null ? {} : { previous: this.previous }),
      },
    }
  }

  /** Send it under its word, and return its reference; throws `Refused`. */
  async send(draft: Draft): Promise<string> {
    const { ref } = await ask('post', '/api/items', { body: { ...draft, once: this.once } })
    this.ready = false
    await hold(this.name, null)
    return ref
  }

  private takes(old: CommuniqueView | null): void {
    if (old === null) return
    this.versions = old.versions.map((one) => ({ ...one }))
    this.members = [...old.row.members]
    this.tlp = old.row.tlp as Draft['tlp']
  }

  get said(): boolean {
    return this.versions.some((one) => one.title.trim() !== '' || one.text.trim() !== '')
  }

  get left(): Left {
    const { tlp, persons, once } = this
    return {
      versions: $state.snapshot(this.versions),
      members: $state.snapshot(this.members),
      tlp,
      persons,
      once,
    }
  }
}

function fresh(language: string): Version {
  return { language, title: '', text: '' }
}
