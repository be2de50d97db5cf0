/** Moving along the rows of a list. */

/** The row so many steps on from the one that is selected, as far as the list goes; from none it is before the first. */
export function stepped<Row extends { id: string }>(
  rows: readonly Row[],
  selected: string | undefined | null,
  steps: number,
): Row | undefined {
  const at = rows.findIndex((row) => row.id === selected)
  return rows[Math.max(0, Math.min(rows.length - 1, at + steps))]
}
