import type { Page } from '..'
import Grants from './Grants.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/grants',
  title: m.title,
  component: Grants,
  nav: { order: 25, key: 'g' },
}
