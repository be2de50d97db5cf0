/** Which of two comes first by several numbers, the first that differs. */
export function compare(a: readonly number[], b: readonly number[]): number {
  const n = a.findIndex((one, at) => one !== b[at])
  return n < 0 ? 0 : (a[n] ?? 0) < (b[n] ?? 0) ? -1 : 1
}
