import type { Page } from '..'
import Sensors from './Sensors.svelte'
import m from './messages.json'

export const page: Page = {
  path: '/sensors',
  title: m.title,
  component: Sensors,
  nav: { order: 21, key: 'e' },
}
