import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { basemap } from './basemap.plugin.ts'
import { messages } from './messages.plugin.ts'

export default defineConfig({
  plugins: [messages(), basemap(), svelte()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200, // MapLibre is one, and is loaded by who opens the map
  },
})
