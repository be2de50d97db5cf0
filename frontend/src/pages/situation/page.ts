import type { Page } from '..'
import m from './messages.json'
import Situation from './Situation.svelte'

export const page: Page = { path: '/situations/:ref', title: m.title, component: Situation }
