import type { Page } from '..'
import Actions from './Actions.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/actions',
  title: m.title,
  component: Actions,
  nav: { order: 16, key: 'j' },
}
