import type { Page } from '..'
import Chair from './Chair.svelte'
import m from './messages.json'

export const page: Page = { path: '/chair', title: m.title, component: Chair, nav: { order: 18, key: 'h' } }
