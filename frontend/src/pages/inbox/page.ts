import type { Page } from '..'
import Inbox from './Inbox.svelte'
import m from './messages.json'

export const page: Page = { path: '/inbox', title: m.title, component: Inbox, nav: { order: 10, key: 'i' } }
