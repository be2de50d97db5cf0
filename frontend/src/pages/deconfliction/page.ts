import type { Page } from '..'
import Deconfliction from './Deconfliction.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/deconfliction',
  title: m.title,
  component: Deconfliction,
  nav: { order: 19, key: 'x' },
}
