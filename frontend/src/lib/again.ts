/** Do something now, and again and again. */

/** Work at once, then every so many milliseconds until the result is called. */
export function again(work: () => unknown, ms: number): () => void {
  work()
  const timer = setInterval(work, ms)
  return () => clearInterval(timer)
}
