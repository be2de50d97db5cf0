import type { Page } from '..'
import Audit from './Audit.svelte'
import m from './messages.json'

export const page: Page = { path: '/audit', title: m.title, component: Audit, nav: { order: 80, key: 'a' } }
