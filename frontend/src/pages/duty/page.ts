import type { Page } from '..'
import Duty from './Duty.svelte'
import m from './messages.json'

export const page: Page = { path: '/duty', title: m.title, component: Duty, nav: { order: 30, key: 'd' } }
