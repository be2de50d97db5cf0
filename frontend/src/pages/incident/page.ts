import type { Page } from '..'
import Incident from './Incident.svelte'
import m from './messages.json'

export const page: Page = { path: '/incidents/:ref', title: m.title, component: Incident }
