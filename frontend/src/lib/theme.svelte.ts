/** Dark, light, or high contrast; kept for this browser. */

export const THEMES = ['dark', 'light', 'contrast'] as const
export type Theme = (typeof THEMES)[number]

const KEPT = 'quartet.theme'
let current = $state<Theme>(THEMES.find((theme) => theme === localStorage.getItem(KEPT)) ?? 'dark')

export function theme(): Theme {
  return current
}

export function show(wanted: Theme): void {
  current = wanted
  localStorage.setItem(KEPT, wanted)
  document.documentElement.dataset['theme'] = wanted
}
