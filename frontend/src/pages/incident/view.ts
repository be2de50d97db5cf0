/** Small questions about a file that several of its parts ask. */

import type { IncidentView, QuestionView } from '../../lib/types'

/** What the file rests on and was taken back, by reference. */
export function withdrawnOf(view: IncidentView): ReadonlySet<string> {
  return new Set(view.withdrawn)
}

/** What a hypothesis says; `other` is what the question itself stands for. */
export function hypothesisText(question: QuestionView, id: string, other: string): string {
  return question.hypotheses.find((one) => one.id === id && !one.other)?.text ?? other
}

/** The ladder, from its foot: each rung rests on those before it. */
export const RUNGS = ['EVENT', 'OBJECT_TYPE', 'DIRECTION', 'PLACE_OF_ORIGIN', 'ACTOR', 'INTENT'] as const

/** The seven bands of likelihood of ICD 203, in percent. */
export const BANDS: Readonly<Record<number, string>> = {
  1: '1–5 %',
  2: '5–20 %',
  3: '20–45 %',
  4: '45–55 %',
  5: '55–80 %',
  6: '80–95 %',
  7: '95–99 %',
}
