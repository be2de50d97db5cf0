/** This member's own account as an officer writes it: kept at this browser under the action's name until it goes. */

import { asItChanges } from '../../lib/kept'
import { begun, hold } from '../../lib/begun'
import { utcOf } from '../../lib/utc'

type Lesson = { what: string; owner: string; due: string }
type Account = { text: string; lessons: Lesson[] }

export class Writing {
  text = $state('')
  lessons = $state<Lesson[]>([])
  readonly keepOn: () => Promise<void>
  private readonly name: string
  private began = $state(false)

  constructor(ref: string) {
    this.name = `account ${ref}`
    this.keepOn = asItChanges(() => hold(this.name, this.empty ? null : this.now))
  }

  /** Take up what she began here; what she typed meanwhile stands. */
  async takeUp(): Promise<void> {
    const kept = await begun<Account>(this.name)
    if (kept !== null && this.empty) Object.assign(this, kept)
    this.began = true
  }

  get now(): Account {
    return { text: this.text, lessons: $state.snapshot(this.lessons) }
  }

  get empty(): boolean {
    return this.text.trim() === '' && this.lessons.every((one) => one.what.trim() === '')
  }

  /** Whether what she typed may be kept: not before what she began was taken up, or it would be lost. */
  get mayKeep(): boolean {
    return this.began
  }

  /** Whether each lesson says what, who and by when. */
  get whole(): boolean {
    const told = (one: Lesson): boolean =>
      one.what.trim() !== '' && one.owner !== '' && !Number.isNaN(utcOf(one.due))
    return this.text.trim() !== '' && this.lessons.every(told)
  }

  add(owner: string): void {
    this.lessons.push({ what: '', owner, due: '' })
  }

  drop(at: number): void {
    this.lessons.splice(at, 1)
  }

  asForm(version: string): Record<string, unknown> {
    const lessons = this.lessons.map((one) => ({
      what: one.what.trim(),
      owner: one.owner,
      due: utcOf(one.due) * 1000,
    }))
    return { version, text: this.text.trim(), lessons }
  }

  async went(): Promise<void> {
    this.text = ''
    this.lessons = []
    await hold(this.name, null)
  }
}
