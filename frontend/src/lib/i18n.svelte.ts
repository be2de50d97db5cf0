/** Five languages. A string is an entry of a `messages.json`: one text a language, `{name}` where a value goes. */

export const LANGUAGES = { en: 'English', fr: 'Français', ar: 'العربية', fa: 'فارسی', ru: 'Русский' } as const
export type Language = keyof typeof LANGUAGES
export type Message = Readonly<Record<Language, string>>

const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(['ar', 'fa'])
const KEPT = 'quartet.language'

const [ISOLATE, POP] = [String.fromCodePoint(0x2068), String.fromCodePoint(0x2069)]
/** What makes a text run from the left, or from the right. */
const [LRM, RLM] = [String.fromCodePoint(0x200e), String.fromCodePoint(0x200f)]

let current = $state<Language>(first())

export function language(): Language {
  return current
}

/** Change the language, for this browser. */
export function speak(wanted: Language): void {
  current = wanted
  localStorage.setItem(KEPT, wanted)
  apply()
}

/** Tell the document its language and direction. */
export function apply(): void {
  document.documentElement.lang = current
  document.documentElement.dir = RIGHT_TO_LEFT.has(current) ? 'rtl' : 'ltr'
}

/** Return a message in the officer's language; from the right, a value keeps its own direction (FSI, PDI). */
export function t(message: Message, values: Record<string, string | number> = {}): string {
  const own = RIGHT_TO_LEFT.has(current) ? (text: string) => ISOLATE + text + POP : (text: string) => text
  return message[current].replace(/\{(\w+)\}/g, (whole, name: string) => own(String(values[name] ?? whole)))
}

/** The sign between what goes and where it goes, as the page runs: `mover → site`. */
export function arrow(): string {
  return RIGHT_TO_LEFT.has(current) ? '←' : '→'
}

/** Return `from → to` as one text that runs as the page does, whatever letters the names are of. */
export function toward(from: string, to: string): string {
  const run = RIGHT_TO_LEFT.has(current) ? RLM : LRM
  return `${run}${ISOLATE}${from}${POP} ${arrow()} ${ISOLATE}${to}${POP}`
}

/** Return some names as one text: `east and west`; from the right each keeps its own direction. */
export function listed(names: readonly string[]): string {
  if (RIGHT_TO_LEFT.has(current)) return names.map((name) => ISOLATE + name + POP).join('، ')
  return new Intl.ListFormat(current, { type: 'conjunction' }).format(names)
}

function first(): Language {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((l) => l.slice(0, 2))]
  return wanted.find((l): l is Language => l !== null && l in LANGUAGES) ?? 'en'
}
