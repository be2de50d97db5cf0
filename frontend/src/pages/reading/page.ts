import type { Page } from '..'
import m from './messages.json'
import Reading from './Reading.svelte'

export const page: Page = { path: '/items/:ref', title: m.title, component: Reading }
