import type { Page } from '..'
import Settings from './Settings.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/settings',
  title: m.title,
  component: Settings,
  nav: { order: 90, key: 's', role: 'administrator' },
}
