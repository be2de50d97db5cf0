/** A warning as its officer writes it; as the node takes it once it is whole. */

import { LANGUAGES, language, type Language } from '../../lib/i18n.svelte'
import type { DeskView, WarningDraft, WarningRow } from '../../lib/types'
import { utcOf, utcText } from '../../lib/utc'

export const SPOKEN = Object.keys(LANGUAGES) as readonly Language[]
export const CATEGORIES = [
  'Safety',
  'Security',
  'Rescue',
  'Fire',
  'Health',
  'Env',
  'Transport',
  'Infra',
  'CBRNE',
  'Geo',
  'Met',
  'Other',
] as const
export const URGENCIES = ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'] as const
export const SEVERITIES = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] as const
export const CERTAINTIES = ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] as const
export const RESPONSES = ['Shelter', 'Evacuate', 'Prepare', 'Avoid', 'Monitor', 'AllClear'] as const
export const TLPS = ['AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR', 'RED'] as const
export type Response = (typeof RESPONSES)[number]

const NUMBER = /^-?\d{1,3}(\.\d+)?$/
const DESK = /^([a-z][a-z0-9-]{0,31})(?:\/([a-z][a-z0-9-]{0,31}))?$/
const EMPTY = { hazard: '', headline: '', protect: '' }
type Said = typeof EMPTY
type Point = [number, number]

export class Writing {
  said = $state<Partial<Record<Language, Said>>>({ [language()]: { ...EMPTY } })
  area = $state('')
  circle = $state({ lat: '', lon: '', radius: '' })
  polygon = $state('')
  begins = $state('')
  until = $state('')
  category = $state<(typeof CATEGORIES)[number]>('Safety')
  urgency = $state<(typeof URGENCIES)[number]>('Immediate')
  severity = $state<(typeof SEVERITIES)[number]>('Severe')
  certainty = $state<(typeof CERTAINTIES)[number]>('Likely')
  responses = $state<Response[]>([])
  desks = $state('')
  tlp = $state<'' | (typeof TLPS)[number]>('')
  persons = $state('')
  open = $state(false)
  exercise = $state(false)
  override = $state(false)
  why = $state('')

  constructor(
    private readonly before: { row: WarningRow; word: 'UPDATE' | 'CANCEL' } | null,
    now: Date,
  ) {
    this.begins = utcText(now)
    if (before) this.follow(before.row, before.word)
  }

  /** Whose place a warning takes has its area, its desks and its label. */
  private follow(row: WarningRow, word: 'UPDATE' | 'CANCEL'): void {
    const kept = row.info.filter((one) => one.language in LANGUAGES)
    this.said = Object.fromEntries(
      kept.map((one) => [
        one.language,
        { hazard: one.hazard, headline: word === 'CANCEL' ? '' : one.headline, protect: '' },
      ]),
    )
    this.area = row.areas[0]?.name ?? ''
    this.begins = utcText(new Date(row.begins))
    this.until = utcText(new Date(row.until))
    this.category = row.category
    this.urgency = row.urgency
    this.severity = row.severity
    this.certainty = row.certainty
    this.desks = row.desks.map((one) => (one.name ? `${one.member}/${one.name}` : one.member)).join(', ')
    this.tlp = TLPS.find((one) => one === row.tlp) ?? ''
    this.exercise = row.exercise ?? false
    this.responses = word === 'CANCEL' ? ['AllClear'] : []
  }

  get spoken(): Language[] {
    return SPOKEN.filter((one) => this.said[one] !== undefined)
  }

  speak(one: Language): void {
    this.said = { ...this.said, [one]: { ...EMPTY } }
  }

  hush(one: Language): void {
    const left = { ...this.said }
    delete left[one]
    this.said = left
  }

  get to(): DeskView[] {
    return split(this.desks).flatMap((word) => {
      const found = DESK.exec(word)
      return found ? [{ member: found[1] ?? '', name: found[2] ?? '' }] : []
    })
  }

  get members(): string[] {
    return [...new Set(this.to.map((one) => one.member))].sort()
  }

  /** What is not as it must be: the name of a message, or nothing. */
  get wrong(): 'wrong_desk' | 'wrong_area' | 'wrong_time' | null {
    if (split(this.desks).length !== this.to.length) return 'wrong_desk'
    const typed = Object.values(this.circle).some((one) => one.trim() !== '') || this.polygon.trim() !== ''
    if (typed && this.areas === null) return 'wrong_area'
    return utcOf(this.begins) >= utcOf(this.until) ? 'wrong_time' : null
  }

  private get areas(): WarningDraft['areas'] | null {
    if (this.before) return this.before.row.areas
    const { lat, lon, radius } = this.circle
    const circles = []
    const polygons: Point[][] = []
    if ([lat, lon, radius].some((one) => one.trim() !== '')) {
      const [at, radius_m] = [point(`${lat.trim()},${lon.trim()}`), Number(radius)]
      if (at === null || !Number.isInteger(radius_m) || radius_m < 1) return null
      circles.push({ lat: at[0], lon: at[1], radius_m })
    }
    if (this.polygon.trim() !== '') {
      const points = this.polygon.trim().split(/\s+/).map(point)
      if (points.length < 3 || points.some((one) => one === null)) return null
      const ring = points.flatMap((one) => (one ? [one] : []))
      const [first, last] = [ring[0], ring.at(-1)]
      if (first && last && (first[0] !== last[0] || first[1] !== last[1])) ring.push(first)
      polygons.push(ring)
    }
    if (!circles.length && !polygons.length) return null
    return [{ name: this.area.trim(), circles, polygons }]
  }

  /** As the node takes it; null while something is missing. */
  get whole(): WarningDraft | null {
    const [areas, begins, until] = [this.areas, utcOf(this.begins), utcOf(this.until)]
    const info = this.spoken.map((one) => {
      const said = this.said[one] ?? EMPTY
      return {
        language: one,
        hazard: said.hazard.trim(),
        headline: said.headline.trim() || said.hazard.trim(),
        protect: said.protect.trim(),
      }
    })
    if (areas === null || Number.isNaN(begins) || Number.isNaN(until) || this.wrong || this.tlp === '')
      return null
    if (!info.length || info.some((one) => one.hazard === '' || one.protect === '') || !this.to.length)
      return null
    if (this.override && this.why.trim() === '') return null
    if (areas.some((one) => one.name === '') || (this.tlp === 'RED' && this.persons.trim() === ''))
      return null
    return {
      word: this.before?.word ?? 'ALERT',
      previous: this.before?.row.id ?? null,
      tlp: this.tlp,
      category: this.category,
      urgency: this.urgency,
      severity: this.severity,
      certainty: this.certainty,
      responses: this.responses,
      begins: new Date(begins).toISOString(),
      until: new Date(until).toISOString(),
      areas,
      info,
      desks: this.to,
      persons: this.tlp === 'RED' ? split(this.persons) : [],
      caveats: this.exercise ? ['EXERCISE'] : [],
      public: this.tlp === 'CLEAR' && this.open,
      override: this.override,
      why: this.override ? this.why.trim() : '',
    }
  }
}

function split(text: string): string[] {
  return text.split(/[\s,،]+/).filter((one) => one !== '')
}

function point(text: string): Point | null {
  const [lat, lon, more] = text.split(',')
  if (lat === undefined || lon === undefined || more !== undefined) return null
  return NUMBER.test(lat) && NUMBER.test(lon) ? [Number(lat), Number(lon)] : null
}
