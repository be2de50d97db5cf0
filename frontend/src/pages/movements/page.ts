import type { Page } from '..'
import Movements from './Movements.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/movements',
  title: m.title,
  component: Movements,
  nav: { order: 23, key: 'b' },
}
