/** What the node puts before the name of all that an exercise's feed sees, so that no drill takes a real one's name. */
const MARK = 'EXERCISE/'

/** Return a mover's name for where the word EXERCISE stands beside it already. */
export function bare(name: string): string {
  return name.startsWith(MARK) ? name.slice(MARK.length) : name
}
