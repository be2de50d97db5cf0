import type { Page } from '..'
import Incidents from './Incidents.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/incidents',
  title: m.title,
  component: Incidents,
  nav: { order: 17, key: 'n' },
}
