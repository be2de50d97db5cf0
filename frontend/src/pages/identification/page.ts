import type { Page } from '..'
import { unanswered } from '../../lib/handovers.svelte'
import alarm from '../../shell/handoveralarm/messages.json'
import Identification from './Identification.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/identification',
  title: m.title,
  component: Identification,
  nav: {
    order: 22,
    key: 'f',
    waits: { count: () => (unanswered().length ? String(unanswered().length) : ''), says: alarm.waits },
  },
}
