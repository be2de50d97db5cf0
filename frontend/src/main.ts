import { mount } from 'svelte'
import './fonts.css'
import './app.css'
import './forms.css'
import App from './App.svelte'
import { apply } from './lib/i18n.svelte'
import { show, theme } from './lib/theme.svelte'

show(theme())
apply()
mount(App, { target: document.body })
