/** The sites that she sees and what nears them: asked anew as the stream tells of a warning, and every few seconds.
 *
 * Every page needs it, for a warning alarms wherever she is.
 */

import { again } from './again'
import { ask, Refused } from './api'
import { compare } from './compare'
import { bare, called } from './drill'
import { toward } from './i18n.svelte'
import { inOrder } from './inorder'
import { listen } from './live'
import { onceWord } from './once'
import { signing } from './session.svelte'
import type { EpisodeView, SitesView } from './types'

const EVERY_MS = 3000
const TOGETHER_MS = 100
const KIND = /^site(-|$)/

const newest = inOrder()

let current = $state.raw<SitesView | null>(null)
/** How many parts of the page show sites now. */
let showing = 0

export function sitesSeen(): SitesView | null {
  return current
}

const RANK = ['INSIDE', 'PREDICTED', 'ADVISORY']

/** The warnings that nobody has acknowledged, the most urgent first. */
export function alarmed(): readonly EpisodeView[] {
  return pressing((current?.warnings ?? []).filter((one) => one.waits))
}

/** The most urgent first: what is real before an exercise's, what waits for a word or a call before the rest, by level,
 * by when the mover is too near, and the oldest.
 */
export function pressing(warnings: readonly EpisodeView[]): EpisodeView[] {
  return warnings
    .map((one) => ({ one, place: placeOf(one) }))
    .sort((a, b) => compare(a.place, b.place))
    .map(({ one }) => one)
}

function placeOf(one: EpisodeView): readonly number[] {
  const began = Date.parse(one.warnings[0]?.at ?? '') || 0
  const open = Number(!one.waits && one.call_due === null)
  return [Number(one.exercise), open, RANK.indexOf(one.level), tooNearAt(one), began]
}

/** When its mover is too near, by the newest that is known of it; never, where that is not known. */
function tooNearAt(one: EpisodeView): number {
  if (one.level === 'INSIDE') return 0
  const live = current?.near.find((near) => near.mover === one.mover && near.volume === one.volume)
  if (typeof live?.too_near_s === 'number') return Date.parse(current?.at ?? '') + live.too_near_s * 1000
  const step = one.warnings.at(-1)
  return typeof step?.within_s === 'number' ? Date.parse(step.seen) + step.within_s * 1000 : Infinity
}

/** Keep asking until the result is called; then it is forgotten, for the next officer may be told less. */
export function watchSites(): () => void {
  let timer = 0
  const stop = new AbortController()
  const look = (): void => void lookAtSites(stop.signal)
  const news = listen((one) => {
    if (one.kind === 'item' && !KIND.test(one.row?.kind ?? '')) return
    clearTimeout(timer)
    timer = window.setTimeout(look, TOGETHER_MS)
  })
  const end = again(look, EVERY_MS)
  return () => {
    clearTimeout(timer)
    end()
    stop.abort()
    news.stop()
    current = null
  }
}

/** Ask for sites to be shown, at once and until the result is called: she has them before her, and signs for the RED ones. */
export function showSites(): () => void {
  showing += 1
  void lookAtSites()
  return () => (showing -= 1)
}

/** Where no part shows sites it is asked for what alarms, and she has seen no site by it. */
export async function lookAtSites(signal?: AbortSignal): Promise<void> {
  try {
    const query = { alarms: showing === 0 }
    const asked = signal ? { query, background: true, signal } : { query, background: true }
    const told = await newest(ask('get', '/api/sites', asked))
    if (told !== null && !signal?.aborted) current = told
  } catch (error) {
    if (!signal?.aborted && !(error instanceof Refused)) throw error
  }
}

/** Acknowledge a warning, up to what was said of it last; false where she did not prove that it is she. */
export async function acknowledge(one: EpisodeView): Promise<boolean> {
  const path = { ref: one.ref }
  const once = onceWord()
  const done = await signing(
    async () => void (await ask('post', '/api/site-warnings/{ref}/seen', { path, body: { once } })),
    { before: called(toward(bare(one.mover), one.name), one.exercise) },
  )
  await lookAtSites()
  return done
}
