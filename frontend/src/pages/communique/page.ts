import type { Page } from '..'
import Communique from './Communique.svelte'
import m from './messages.json'

export const page: Page = { path: '/communiques/:ref', title: m.title, component: Communique }
