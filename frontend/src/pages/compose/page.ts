import type { Page } from '..'
import Compose from './Compose.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/compose',
  title: m.title,
  component: Compose,
  nav: { order: 20, key: 'c' },
  opens: { keys: 'n', does: m.new },
}
