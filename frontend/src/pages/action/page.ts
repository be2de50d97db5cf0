import type { Page } from '..'
import Action from './Action.svelte'
import m from './messages.json'

export const page: Page = { path: '/actions/:ref', title: m.title, component: Action }
