import type { Page } from '..'
import Identification from './Identification.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/identification',
  title: m.title,
  component: Identification,
  nav: { order: 22, key: 'f' },
}
