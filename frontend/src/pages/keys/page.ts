import type { Page } from '..'
import Keys from './Keys.svelte'
import m from './messages.json'

export const page: Page = { path: '/keys', title: m.title, component: Keys, nav: { order: 90, key: 'y' } }
