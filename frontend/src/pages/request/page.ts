import type { Page } from '..'
import m from './messages.json'
import Requested from './Requested.svelte'

export const page: Page = { path: '/requests/:ref', title: m.title, component: Requested }
