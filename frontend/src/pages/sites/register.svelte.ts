/** A site as she fills it in: kept at this browser as she types, sent once under its word. */

import { ask } from '../../lib/api'
import { begun, hold } from '../../lib/begun'
import { asItChanges } from '../../lib/kept'
import { onceWord } from '../../lib/once'
import type { SiteDraft, SiteView } from '../../lib/types'

export const SORTS = ['INSTALLATION', 'SANCTUARY', 'HOSPITAL', 'HERITAGE'] as const
export type Field =
  | 'name'
  | 'custodian'
  | 'phones'
  | 'lat'
  | 'lon'
  | 'radius'
  | 'floor'
  | 'ceiling'
  | 'geojson'
  | 'persons'
  | 'text'

const NAME = 'site'
const NUMBER = /^\s*-?\d{1,7}(\.\d+)?\s*$/
const EMPTY: Record<Field, string> = {
  name: '',
  custodian: '',
  phones: '',
  lat: '',
  lon: '',
  radius: '',
  floor: '',
  ceiling: '',
  geojson: '',
  persons: '',
  text: '',
}

export class Registering {
  fields = $state<Record<Field, string>>({ ...EMPTY })
  sort = $state<(typeof SORTS)[number]>('SANCTUARY')
  tlp = $state<'AMBER+STRICT' | 'RED'>('AMBER+STRICT')
  shape = $state<'circle' | 'file'>('circle')
  nearAerodrome = $state(false)
  byNotice = $state(false)
  /** The site that this says anew, empty for a new one. */
  corrects = $state('')
  ready = $state(false)
  readonly keepOn = asItChanges(() => hold(NAME, this.empty ? null : $state.snapshot(this.fields)))
  private once = onceWord()

  async takeUp(): Promise<void> {
    const left = await begun<Record<Field, string>>(NAME)
    if (left !== null && this.empty) this.fields = { ...EMPTY, ...left }
    this.ready = true
  }

  get empty(): boolean {
    return this.corrects !== '' || Object.values(this.fields).every((one) => one.trim() === '')
  }

  /** Take up a site that is to be said anew: all that it says now. */
  change(site: SiteView): void {
    this.corrects = site.ref
    this.sort = site.sort
    this.tlp = site.tlp === 'RED' ? 'RED' : 'AMBER+STRICT'
    this.shape = 'file'
    const { name, custodian, text } = site
    this.fields = {
      ...EMPTY,
      name,
      custodian,
      text,
      phones: site.phones.join('\n'),
      geojson: geojsonOf(site),
    }
  }

  /** As the node takes it; null while something is missing. */
  get whole(): SiteDraft | null {
    const { name, custodian, text } = this.fields
    const [phones, persons] = [lines(this.fields.phones), lines(this.fields.persons)]
    const geojson = this.shape === 'file' ? this.fields.geojson.trim() : this.circle
    if (!name.trim() || !custodian.trim() || phones.length === 0 || !geojson) return null
    if (this.tlp === 'RED' && persons.length === 0) return null
    const said = { name: name.trim(), custodian: custodian.trim(), text, phones, geojson, sort: this.sort }
    const whom = { tlp: this.tlp, persons: this.tlp === 'RED' ? persons : [] }
    return { ...said, ...whom, corrects: this.corrects || null, once: this.once }
  }

  private get circle(): string {
    const { lat, lon, radius, floor, ceiling, name } = this.fields
    if (![lat, lon, radius].every((one) => NUMBER.test(one))) return ''
    if (![floor, ceiling].every((one) => one.trim() === '' || NUMBER.test(one))) return ''
    return JSON.stringify({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [Number(lon), Number(lat)] },
      properties: {
        name: name.trim().slice(0, 60),
        radius_m: Number(radius),
        floor_m: floor.trim() ? Number(floor) : null,
        ceiling_m: ceiling.trim() ? Number(ceiling) : null,
        near_aerodrome: this.nearAerodrome,
        on_notice: this.byNotice,
      },
    })
  }

  async send(site: SiteDraft): Promise<void> {
    await ask('post', '/api/sites', { body: site })
    await this.leave()
  }

  async leave(): Promise<void> {
    this.fields = { ...EMPTY }
    this.corrects = ''
    this.shape = 'circle'
    this.nearAerodrome = this.byNotice = false
    this.once = onceWord()
    await hold(NAME, null)
  }
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

/** A site's volumes as they were said, for who says them anew. */
function geojsonOf(site: SiteView): string {
  const features = site.volumes.map((one) => {
    const corners = one.outline.map(([lat, lon]) => [lon, lat])
    const geometry =
      corners.length === 1
        ? { type: 'Point', coordinates: corners[0] }
        : { type: 'Polygon', coordinates: [[...corners, corners[0]]] }
    const { name, floor_m, ceiling_m, spacing_m, spacing_up_m, near_aerodrome, on_notice, windows } = one
    const about = { name, floor_m, ceiling_m, spacing_m, spacing_up_m, near_aerodrome, on_notice, windows }
    const radius = one.radius_m ? { radius_m: one.radius_m } : {}
    return { type: 'Feature', geometry, properties: { ...about, ...radius } }
  })
  return JSON.stringify({ type: 'FeatureCollection', features }, null, 1)
}
