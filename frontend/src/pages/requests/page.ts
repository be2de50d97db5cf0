import type { Page } from '..'
import { toAnswer } from '../../lib/toanswer.svelte'
import m from './messages.json'
import Requests from './Requests.svelte'

export const page: Page = {
  path: '/requests',
  title: m.title,
  component: Requests,
  nav: { order: 15, key: 'q', waits: { count: toAnswer, says: m.waits } },
}
