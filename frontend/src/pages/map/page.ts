import type { Page } from '..'
import Map from './Map.svelte'
import m from './messages.json'

export const page: Page = { path: '/map', title: m.title, component: Map, nav: { order: 20, key: 'm' } }
