import type { Page } from '..'
import { waits } from '../../lib/warnings.svelte'
import m from './messages.json'
import Warnings from './Warnings.svelte'

export const page: Page = {
  path: '/warnings',
  title: m.title,
  component: Warnings,
  nav: { order: 11, key: 'w', waits: { count: waits, says: m.waits } },
}
