/** The draft of a report, of the events that an officer took from an open source: she marks it, and signs it. */

import { t } from '../../lib/i18n.svelte'
import { session } from '../../lib/session.svelte'
import { belongs, clear, writing } from '../compose/draft.svelte'
import { restore } from '../compose/files.svelte'
import m from './messages.json'
import type { Taking } from './taking.svelte'

const LONGEST_TITLE = 300

export type Grade = { reliability: string; credibility: number | ''; circle: string }

/** Fill the page of writing: its events with their grades, in words whose each is, and the original beside it. */
export async function write(taking: Taking, grade: Grade): Promise<void> {
  const { page, file, chosen } = taking
  if (!page || !file) return
  belongs(session()?.officer ?? '')
  clear()
  const title = page.blocks.find((one) => one.kind === 'title')
  const heading = title ? taking.words(title.place) : (chosen[0]?.event.what ?? file.name)
  writing.title = [...heading].slice(0, LONGEST_TITLE).join('')
  writing.text = [told(taking), sourceOf(taking)].join('\n\n')
  writing.events = chosen.map((one) => ({ ...$state.snapshot(one.event), ...grade }))
  await restore([file.named()])
}

function told(taking: Taking): string {
  return taking.chosen
    .map(({ said, speaker }) => {
      const who = speaker || (said.unnamed ? t(m.unnamed_is, { words: taking.words(said.unnamed) }) : '')
      return `“${taking.words(said.place)}”${who ? ` - ${who}` : ''}`
    })
    .join('\n')
}

function sourceOf(taking: Taking): string {
  const page = taking.page
  const who = [taking.words(page?.outlet), taking.words(page?.agency)].filter(Boolean)
  const day = page?.published ?? ''
  if (!who.length && day) return t(m.published_is, { day })
  return t(m.source_is, { source: [...who, day].filter(Boolean).join(', ') || (taking.file?.name ?? '') })
}
