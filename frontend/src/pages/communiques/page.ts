import type { Page } from '..'
import Communiques from './Communiques.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/communiques',
  title: m.title,
  component: Communiques,
  nav: { order: 17, key: 'u' },
}
