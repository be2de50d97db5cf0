import type { Page } from '..'
import m from './messages.json'
import Search from './Search.svelte'

export const page: Page = { path: '/search', title: m.title, component: Search, nav: { order: 13, key: 'k' } }
