/** Words of the node's closed lists, in the officer's language; a word that this page does not know stays as it came. */

import { t, type Message } from '../lib/i18n.svelte'
import acts from './acts/messages.json'
import asking from './asking/messages.json'
import consenting from './consenting/messages.json'
import incident from './incident/messages.json'
import kinds from './kinds/messages.json'
import reasons from './reasons/messages.json'
import sites from './sites/messages.json'

/** Why a member does not have an item. */
export function reasonOf(word: string): string {
  return said(reasons, word)
}

/** The one act that would change that, if there is one. */
export function actOf(word: string): string {
  return said(acts, word)
}

/** What kind of item it is. */
export function kindOf(word: string): string {
  return said(kinds, word)
}

/** What a list calls an item: its title, or what it is if it has none. */
export function titleOf(item: { title: string; kind: string }): string {
  return item.title === item.kind ? kindOf(item.kind) : item.title
}

/** A word of a request for consent: how far a controller has got, on which condition, or why not. */
export function consentOf(word: string): string {
  return said(consenting, word)
}

/** A word of a request for information: how far a member has got, what it said, or why it refused. */
export function askingOf(word: string): string {
  return said(asking, word)
}

/** A word of sites: what sort of site, how near a mover is, why that is over, what became of a call. */
export function siteWord(word: string): string {
  return said(sites, word)
}

const REPLIED: Record<string, string> = {
  ACKNOWLEDGE: 'ACKNOWLEDGED',
  ANSWER: 'ANSWERED',
  PARTIAL: 'PARTLY',
  REFUSE: 'REFUSED',
  TRANSFER: 'TRANSFERRED',
}

/** What a member did with a request by a word of its: `acknowledged`. */
export function repliedOf(word: string): string {
  return askingOf(REPLIED[word] ?? word)
}

/** A word of one of the closed lists of incidents and of reports by form: `incidentOf('RUNG', 'EVENT')`. */
export function incidentOf(list: string, word: string | number): string {
  const key = `${list}_${word}`
  const found = said(incident, key)
  return found === key ? String(word) : found
}

function said(list: Record<string, Message>, word: string): string {
  const message = list[word]
  return message ? t(message) : word
}
