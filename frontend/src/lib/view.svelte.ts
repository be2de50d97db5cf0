/** What is on view: the page's title, and the markings of all that it shows, so that the banner says the highest. */

export const TLPS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const
export type Tlp = (typeof TLPS)[number]

const shown = $state<{ markings: Record<string, readonly string[]> }>({ markings: {} })

/** Say which markings a part of the page shows; call the result when it shows them no longer. */
export function showing(part: string, tlps: readonly string[]): () => void {
  shown.markings[part] = tlps
  return () => delete shown.markings[part]
}

/** The highest marking on view; a word that is not known counts as the highest. */
export function highest(): Tlp | null {
  const all = Object.values(shown.markings).flat()
  if (all.length === 0) return null
  const ranks = all.map((tlp) => (TLPS as readonly string[]).indexOf(tlp))
  return ranks.includes(-1) ? 'RED' : (TLPS[Math.max(...ranks)] ?? 'RED')
}
