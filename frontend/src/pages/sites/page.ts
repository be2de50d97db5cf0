import type { Page } from '..'
import { alarmed } from '../../lib/sites.svelte'
import m from './messages.json'
import Sites from './Sites.svelte'

export const page: Page = {
  path: '/sites',
  title: m.title,
  component: Sites,
  nav: {
    order: 22,
    key: 'p',
    waits: { count: () => (alarmed().length ? String(alarmed().length) : ''), says: m.waits },
  },
}
