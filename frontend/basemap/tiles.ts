/** Cut the world into vector tiles, zoom 0 to 6: finer the data are not. */

import { GeoJSONVT } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import type { Tile } from './pmtiles.ts'
import type { Layers } from './world.ts'

export const MAX_ZOOM = 6
const EXTENT = 4096
const TOLERANCE: Record<string, number> = { land: 4, border: 4, disputed: 4, place: 0 }

/** Return every tile that has anything in it. */
export function tilesOf(layers: Layers): Tile[] {
  const cut = Object.entries(layers).map(([name, data]) => {
    const options = {
      maxZoom: MAX_ZOOM,
      indexMaxZoom: MAX_ZOOM,
      extent: EXTENT,
      tolerance: TOLERANCE[name] ?? 3,
    }
    return [name, new GeoJSONVT(data, options)] as const
  })
  const made: Tile[] = []
  for (let z = 0; z <= MAX_ZOOM; z++)
    for (let x = 0; x < 2 ** z; x++)
      for (let y = 0; y < 2 ** z; y++) {
        const found = cut.flatMap(([name, index]) => {
          const tile = index.getTile(z, x, y)
          return tile && tile.features.length ? [[name, tile] as const] : []
        })
        if (found.length === 0) continue
        const data = fromGeojsonVt(Object.fromEntries(found), { version: 2, extent: EXTENT })
        made.push({ z, x, y, data })
      }
  return made
}
