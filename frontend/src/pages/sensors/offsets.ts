/** How one offset is written: signed, with its unit and what it is within; null where it is not yet known. */
export function spelt(
  value: number | null,
  within: number | null,
  unit: string,
  digits: number,
): string | null {
  if (value === null || within === null) return null
  const size = Math.abs(value).toFixed(digits)
  const sign = Number(size) === 0 ? '' : value < 0 ? '−' : '+'
  const space = unit === '°' ? '' : ' '
  return `${sign}${size}${space}${unit} ± ${within.toFixed(digits)}`
}
