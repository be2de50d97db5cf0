import type { Page } from '..'
import Intake from './Intake.svelte'
import m from './messages.json'

export const page: Page = { path: '/intake', title: m.title, component: Intake, nav: { order: 21, key: 'z' } }
