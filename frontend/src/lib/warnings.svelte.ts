/** Which warnings ring at a desk here: told by the stream of all news, which they overtake, and asked for all the same. */

import { again } from './again'
import { ask, Refused } from './api'
import { compare } from './compare'
import { called } from './drill'
import { stateUrgent } from './facts'
import { language } from './i18n.svelte'
import { inOrder } from './inorder'
import { listenForAlarms } from './live'
import { onceWord } from './once'
import type { WarningRow } from './types'

const AGAIN_MS = 4000
/** How long what comes together is waited for. */
const TOGETHER_MS = 100
const newest = inOrder()

let current = $state.raw<readonly WarningRow[]>([])
let proposed = $state(0)
let heard = $state(0)

const SEVERITIES = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']

/** The warnings in force that a desk of her member has not acknowledged: what is real before an exercise's, what ends a
 * warning behind those that hold, then the most severe, and the oldest first.
 */
export function ringing(): readonly WarningRow[] {
  return [...current].sort((a, b) => compare(placeOf(a), placeOf(b)))
}

function placeOf(row: WarningRow): readonly number[] {
  const severity = SEVERITIES.indexOf(row.severity)
  return [Number(row.exercise ?? false), Number(row.word === 'CANCEL'), severity, Date.parse(row.at)]
}

/** Whether she may acknowledge for a desk; so long as she was not told, she may try. */
export function mayAcknowledge(row: WarningRow, desk: string): boolean {
  return askedOf(row, desk)?.may ?? true
}

/** Whose role it is to acknowledge for a desk. */
export function roleFor(row: WarningRow, desk: string): string {
  return askedOf(row, desk)?.role ?? ''
}

function askedOf(row: WarningRow, desk: string): { role: string; may: boolean } | undefined {
  return row.asked?.find((one) => one.desk === desk)
}

/** What waits for her: desks that have to acknowledge, and warnings to confirm as second officer. */
export function waits(): string {
  const count = current.length + proposed
  return count ? String(count) : ''
}

/** Counts what the stream told: whoever lists warnings lists them anew when it moves. */
export function told(): number {
  return heard
}

/** Keep listening until the result is called; then it is forgotten, for the next officer may be told less. */
export function watchWarnings(): () => void {
  const stop = new AbortController()
  let timer = 0
  const soon = (): void => {
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      heard += 1
      void look(stop.signal)
    }, TOGETHER_MS)
  }
  const alarms = listenForAlarms(({ row }) => {
    if (row && row.waits?.length && row.stage === 'IN_FORCE' && !current.some((one) => one.id === row.id))
      current = [row, ...current]
    soon()
  })
  const asking = again(() => void look(stop.signal), AGAIN_MS)
  return () => {
    clearTimeout(timer)
    asking()
    stop.abort()
    alarms.stop()
    current = []
    proposed = 0
  }
}

async function look(signal: AbortSignal): Promise<void> {
  try {
    const query = { which: 'mine' } as const
    const found = await newest(ask('get', '/api/warnings', { query, background: true, signal }))
    if (found === null || signal.aborted) return
    current = found.items
    proposed = (found.waiting ?? []).filter((one) => one.mine).length
  } catch (error) {
    if (!signal.aborted && !(error instanceof Refused)) throw error
  }
}

/** What a warning says in the officer's language, or in the first that it has. */
export function wordsOf(row: WarningRow): WarningRow['info'][number] | undefined {
  return row.info.find((one) => one.language === language()) ?? row.info[0]
}

/** Acknowledge a warning for a desk, with her own key; false if she did not prove herself, or let it be. */
export async function acknowledge(row: WarningRow, desk: string): Promise<boolean> {
  const [path, body] = [{ ref: row.ref }, { desk, text: '', once: onceWord() }]
  const what = [row.ref, wordsOf(row)?.hazard].filter(Boolean).join(' · ')
  const done = await stateUrgent(called(what, row.exercise), () =>
    ask('post', '/api/warnings/{ref}/acknowledgement/prepared', { path, body }),
  )
  if (done) await look(new AbortController().signal)
  return done
}
