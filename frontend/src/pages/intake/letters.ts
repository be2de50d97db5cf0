/** Places in a text as the node counts them - in characters, not in the halves that a browser counts - and what stands there. */

import type { Clipping, Place } from './types'

export class Letters {
  private readonly letters: readonly string[]
  private readonly names: ReadonlyMap<number, string>

  constructor(page: Clipping) {
    this.letters = [...page.text]
    this.names = new Map(page.controls.map((one) => [one.at, one.name]))
  }

  /** What stands at a place; characters that show nothing, or move what is shown, are left out. */
  at(place: Place): string {
    const found = this.letters.slice(place.start, place.end)
    return found.filter((_, n) => !this.names.has(place.start + n)).join('')
  }

  /** A place cut where a mark begins or ends and around each character that hides: what stands there, with its marks. */
  pieces(place: Place, marks: readonly Mark[]): Piece[] {
    const within = marks.filter((one) => one.end > place.start && one.start < place.end)
    const cuts = new Set([place.start, place.end])
    for (const one of within) for (const at of [one.start, one.end]) cuts.add(at)
    for (const at of this.names.keys()) for (const cut of [at, at + 1]) cuts.add(cut)
    const places = [...cuts].filter((at) => at >= place.start && at <= place.end).sort((a, b) => a - b)
    return places.slice(0, -1).map((start, n) => {
      const end = places[n + 1] ?? start
      const names = within.filter((one) => one.start <= start && end <= one.end).map((one) => one.name)
      return { text: this.letters.slice(start, end).join(''), hides: this.names.get(start) ?? '', names }
    })
  }
}

export type Mark = Place & { name: string }
/** `hides` is the name of a character that shows nothing, or moves what is shown; it is never given to the page. */
export type Piece = { text: string; hides: string; names: string[] }
