import type { Page } from '..'
import m from './messages.json'
import Notifications from './Notifications.svelte'

export const page: Page = {
  path: '/notifications',
  title: m.title,
  component: Notifications,
  nav: { order: 12, key: 'l' },
}
