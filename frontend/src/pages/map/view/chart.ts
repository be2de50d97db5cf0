/** The ground under the tracks, by MapLibre: land, borders and names from the node, north always up. */

import { addProtocol, Map as MapLibre, setWorkerUrl } from 'maplibre-gl'
import type { AddProtocolAction, StyleSpecification } from 'maplibre-gl'
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { Protocol } from 'pmtiles'
import type { Language } from '../../../lib/i18n.svelte'
import type { Palette } from './palette'

declare const __BASEMAP__: string

const FONTS = ['Noto Sans', 'Noto Sans Arabic']
const MAX_ZOOM = 16
const LETTERS = 'AéЯعپ'

let ready: Promise<void> | null = null

/** Whoever wants a map waits for this once: the worker's address, the archive, the letters. */
export function prepare(): Promise<void> {
  return (ready ??= begin())
}

async function begin(): Promise<void> {
  allowWorker()
  setWorkerUrl(worker)
  addProtocol('pmtiles', new Protocol().tilev4 as AddProtocolAction)
  await Promise.all(FONTS.map((font) => document.fonts.load(`400 24px "${font}"`, LETTERS)))
}

/** The policy takes no text for a script; MapLibre's own worker is the one address that is let through. */
function allowWorker(): void {
  type Factory = {
    createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown
  }
  const factory = (window as { trustedTypes?: Factory }).trustedTypes
  const wanted = new URL(worker, location.href).href
  factory?.createPolicy('default', {
    createScriptURL: (url) => (new URL(url, location.href).href === wanted ? url : null),
  })
}

export type Place = { lng: number; lat: number; zoom: number }

/** Return a map in a box. */
export function chart(
  box: HTMLElement,
  at: Place,
  palette: Palette,
  language: Language,
  title: string,
): MapLibre {
  const map = new MapLibre({
    container: box,
    style: style(palette, language),
    center: [at.lng, at.lat],
    zoom: at.zoom,
    maxZoom: MAX_ZOOM,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: { 'Map.Title': title },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  return map
}

/** Show the same ground in other colours or another language. */
export function repaint(map: MapLibre, palette: Palette, language: Language): void {
  for (const layer of style(palette, language).layers) {
    if (!map.getLayer(layer.id)) continue
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name as 'fill-color', value as string)
    if (layer.type === 'symbol') map.setLayoutProperty(layer.id, 'text-field', layer.layout?.['text-field'])
  }
}

function style(palette: Palette, language: Language): StyleSpecification {
  return {
    version: 8,
    sources: { world: { type: 'vector', url: `pmtiles://${__BASEMAP__}` } },
    layers: [
      { id: 'water', type: 'background', paint: { 'background-color': palette.water } },
      { id: 'land', type: 'fill', ...from('land'), paint: { 'fill-color': palette.land } },
      {
        id: 'border',
        type: 'line',
        ...from('border'),
        paint: { 'line-color': palette.border, 'line-width': 1 },
      },
      {
        id: 'disputed',
        type: 'line',
        ...from('disputed'),
        paint: { 'line-color': palette.border, 'line-width': 1, 'line-dasharray': [3, 3] },
      },
      {
        id: 'name',
        type: 'symbol',
        ...from('place'),
        filter: ['>=', ['get', 'size'], ['/', 60_000, ['^', 4, ['zoom']]]],
        layout: {
          'text-field': ['get', language],
          'text-font': FONTS,
          'text-size': ['interpolate', ['linear'], ['zoom'], 2, 11, 6, 15],
          'text-max-width': 7,
          'symbol-sort-key': ['-', 0, ['get', 'size']],
        },
        paint: { 'text-color': palette.name, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 },
      },
    ],
  }
}

function from(layer: string): { source: string; 'source-layer': string } {
  return { source: 'world', 'source-layer': layer }
}
