/** The pieces of a line that asks for items, as `quartet.node.asking` cuts it; what it means is the node's to say. */

export type Piece = { text: string; name: string | null; value: string; quoted: boolean }

const PIECE = /(?:([a-z]+):)?(?:"([^"]*)"?|([^\s"]+))/gi
const URGENT = new Set(['FLASH', 'IMMEDIATE', 'PRIORITY', 'ROUTINE'])

export function pieces(line: string): Piece[] {
  return [...line.matchAll(PIECE)].map((found) => ({
    text: found[0],
    name: found[1]?.toLowerCase() ?? null,
    value: found[2] ?? found[3] ?? '',
    quoted: found[2] !== undefined,
  }))
}

/** Whether a line asks for an urgency. */
export function urgent(line: string): boolean {
  return pieces(line).some(
    (one) => one.name === 'precedence' || (!one.quoted && !one.name && URGENT.has(one.value.toUpperCase())),
  )
}

/** Whether a line says all that another says. */
export function says(line: string, part: string): boolean {
  const has = new Set(pieces(line).map((one) => one.text.toLowerCase()))
  return pieces(part).every((one) => has.has(one.text.toLowerCase()))
}

/** A line with what another says, in place of what it said of the same names. */
export function and(line: string, part: string): string {
  const fresh = pieces(part)
  const names = new Set(fresh.map((one) => one.name))
  const kept = pieces(line).filter((one) => one.name === null || !names.has(one.name))
  const old = urgent(part) ? kept.filter((one) => !urgent(one.text)) : kept
  return [...old, ...fresh].map((one) => one.text).join(' ')
}

/** A line without what another says. */
export function without(line: string, part: string): string {
  const gone = new Set(pieces(part).map((one) => one.text.toLowerCase()))
  return pieces(line)
    .filter((one) => !gone.has(one.text.toLowerCase()))
    .map((one) => one.text)
    .join(' ')
}
