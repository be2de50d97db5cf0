/** The sites that she sees and what nears them: asked anew as the stream tells of a warning, and every few seconds.
 *
 * Every page needs it, for a warning alarms wherever she is.
 */

import { again } from './again'
import { ask, Refused } from './api'
import { bare, called } from './drill'
import { toward } from './i18n.svelte'
import { inOrder } from './inorder'
import { listen } from './live'
import { onceWord } from './once'
import { signing } from './session.svelte'
import { nodeTime } from './status.svelte'
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

/** The warnings that nobody has acknowledged, the most urgent first: the node puts them in their order. */
export function alarmed(): readonly EpisodeView[] {
  return (current?.warnings ?? []).filter((one) => one.waits)
}

/** In how many milliseconds a mover is too near, by the newest that was told of it; null where that is not known. */
export function tooNearIn(one: EpisodeView): number | null {
  if (typeof one.too_near_s !== 'number') return null
  return Math.max(0, Date.parse(current?.at ?? '') + one.too_near_s * 1000 - nodeTime())
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
