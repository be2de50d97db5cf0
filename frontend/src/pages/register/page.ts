import type { Page } from '..'
import m from './messages.json'
import Register from './Register.svelte'

export const page: Page = {
  path: '/register',
  title: m.title,
  component: Register,
  nav: { order: 78, key: 'r' },
}
