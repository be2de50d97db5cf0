/** What the node puts before the name of all that an exercise's feed sees, so that no drill takes a real one's name. */
const MARK = 'EXERCISE/'

/** Whether a mover is of an exercise: nothing else's name begins so. */
export function drills(name: string): boolean {
  return name.startsWith(MARK)
}

/** Return a mover's name for where the word EXERCISE stands beside it already. */
export function bare(name: string): string {
  return drills(name) ? name.slice(MARK.length) : name
}
