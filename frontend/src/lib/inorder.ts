/** What is asked again and again is answered in any order: nothing that is shown gives way to something older. */

/** Return what waits for one answer after the other: null of an answer, or a refusal, that a later one has overtaken.
 *
 * An answer that is slow is taken all the same while no later one is there: where each takes longer than the time between
 * two questions, something is shown.
 */
export function inOrder(): <T extends object>(answer: Promise<T>) => Promise<T | null> {
  let [asked, taken] = [0, 0]
  return async (answer) => {
    const turn = ++asked
    const overtaken = (): boolean => {
      if (turn < taken) return true
      taken = turn
      return false
    }
    try {
      const found = await answer
      return overtaken() ? null : found
    } catch (error) {
      if (overtaken()) return null
      throw error
    }
  }
}
