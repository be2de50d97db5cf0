import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'
import { archive } from './basemap/pmtiles.ts'
import { MAX_ZOOM, tilesOf } from './basemap/tiles.ts'
import { world } from './basemap/world.ts'

/** Make the map's ground while the page is built; the page knows its address as `__BASEMAP__`. */
export function basemap(): Plugin {
  const data = archive(tilesOf(world()), MAX_ZOOM)
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 10)
  const fileName = `assets/basemap-${hash}.pmtiles`
  return {
    name: 'quartet-basemap',
    config: () => ({ define: { __BASEMAP__: JSON.stringify(`/${fileName}`) } }),
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: data })
    },
  }
}
