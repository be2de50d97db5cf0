/** What the presiding officer is about to do: one act, what it names, and why; kept at this browser until it goes. */

import { begun, hold } from '../../lib/begun'
import { stateItem, stateSaid } from '../../lib/facts'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import { namesIn } from '../../lib/typed'
import type { ActionRow, Draft } from '../../lib/types'
import { utcOf } from '../../lib/utc'

export type Act =
  | 'CONVENE'
  | 'EMERGENCY'
  | 'AGENDA'
  | 'EXTEND'
  | 'NOMINATE'
  | 'ASK_COMMENT'
  | 'ANNOUNCE'
  | 'RULE'
  | 'HAND_OVER'
  | 'TAKE'
  | 'PRESENT'

/** Which act names what: a proposal, an item, a member; and which says nothing without words. */
export const ON_ACTION: ReadonlySet<string> = new Set<Act>(['EXTEND', 'NOMINATE', 'ANNOUNCE'])
export const NAMES_MEMBER: ReadonlySet<string> = new Set<Act>(['NOMINATE', 'HAND_OVER'])
export const IN_WORDS: ReadonlySet<string> = new Set<Act>([
  'CONVENE',
  'EMERGENCY',
  'AGENDA',
  'ASK_COMMENT',
  'RULE',
])

const NAME = 'chair'
const DECIDED = new Set(['ADOPTED', 'NOT_ADOPTED', 'LAPSED'])
const OVER = new Set(['STOPPED', 'COMPLETED', 'CLOSED'])
const TITLE = 300

/** Whether an act can be about a proposal as it stands: its period can be made longer only while that runs. */
export function fits(act: string, row: ActionRow, now: number): boolean {
  switch (act) {
    case 'EXTEND':
      return row.state === 'OPEN' && now < Date.parse(row.decide_by) && row.decide_by < row.begins
    case 'NOMINATE':
      return ['OPEN', 'ADOPTED'].includes(row.state) && !OVER.has(row.phase ?? '')
    case 'ANNOUNCE':
      return DECIDED.has(row.state)
    default:
      return false
  }
}

/** Whether a period may run until then: longer than it does, and never into the action itself; null without a time. */
export function mayRun(until: string, row: ActionRow): boolean | null {
  const at = utcOf(until)
  if (Number.isNaN(at)) return null
  return Date.parse(row.decide_by) < at && at <= Date.parse(row.begins)
}

type Left = { act: string; about: string; member: string; until: string; text: string; once: string }

export class Acting {
  act = $state('')
  about = $state('')
  member = $state('')
  until = $state('')
  text = $state('')
  tlp = $state<Draft['tlp'] | ''>('')
  persons = $state('')
  /** Whether what she began here was taken up. */
  ready = $state(false)
  readonly keepOn = asItChanges(() => hold(NAME, this.act === '' && this.text === '' ? null : this.left))
  private once = onceWord()

  async takeUp(): Promise<void> {
    const left = await begun<Left>(NAME)
    if (left !== null && this.act === '') Object.assign(this, left)
    this.ready = true
  }

  /** Whether it is about something, and goes to whoever has that. */
  get beside(): boolean {
    return ON_ACTION.has(this.act) || this.act === 'ASK_COMMENT'
  }

  /** Whether nothing is missing; `row` is the proposal that it is about. */
  whole(row: ActionRow | undefined): boolean {
    if (this.act === '' || (IN_WORDS.has(this.act) && this.text.trim() === '')) return false
    if (NAMES_MEMBER.has(this.act) && this.member === '') return false
    if (ON_ACTION.has(this.act) && row === undefined) return false
    if (this.act === 'EXTEND') return row !== undefined && mayRun(this.until, row) === true
    return this.beside ? this.about.trim() !== '' : this.tlp !== ''
  }

  /** Assert it with the chair's own key; false if she did not prove that it is she. */
  async say(row: ActionRow | undefined, to: readonly string[]): Promise<boolean> {
    const said = await (this.beside ? this.sayBeside(row) : this.sayToAll(to))
    if (!said) return false
    this.act = this.about = this.member = this.until = this.text = this.persons = ''
    this.tlp = ''
    this.once = onceWord()
    await hold(NAME, null)
    return true
  }

  get left(): Left {
    const { act, about, member, until, text, once } = this
    return { act, about, member, until, text, once }
  }

  private sayBeside(row: ActionRow | undefined): Promise<boolean> {
    const ref = this.about.trim()
    const form = { ...this.form(row), about: ref }
    return stateSaid(ref, { kind: 'procedure', form, text: '', title: this.title, once: this.once })
  }

  private sayToAll(to: readonly string[]): Promise<boolean> {
    return stateItem({
      kind: 'procedure',
      tlp: this.tlp as Draft['tlp'],
      title: this.title,
      text: '',
      to: [...to],
      persons: this.tlp === 'RED' ? namesIn(this.persons) : [],
      form: this.form(undefined),
      once: this.once,
    })
  }

  private form(row: ActionRow | undefined): Record<string, unknown> {
    return {
      act: this.act,
      ...(this.text.trim() ? { text: this.text.trim() } : {}),
      ...(NAMES_MEMBER.has(this.act) ? { member: this.member } : {}),
      ...(this.act === 'EXTEND' ? { until: utcOf(this.until) * 1000 } : {}),
      ...(this.act === 'ANNOUNCE' ? { state: row?.state } : {}),
    }
  }

  private get title(): string {
    const first = this.text.trim().split('\n', 1)[0] ?? ''
    return (first ? `${this.act}: ${first}` : this.act).slice(0, TITLE)
  }
}
