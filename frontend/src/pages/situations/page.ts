import type { Page } from '..'
import m from './messages.json'
import Situations from './Situations.svelte'

export const page: Page = {
  path: '/situations',
  title: m.nav,
  component: Situations,
  nav: { order: 14, key: 'o' },
}
