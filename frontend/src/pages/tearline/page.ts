import type { Page } from '..'
import m from './messages.json'
import TearLine from './TearLine.svelte'

export const page: Page = { path: '/items/:ref/tear-line', title: m.title, component: TearLine }
