/** Where the officer is: a path and its query. They hold view, filter and selection; never anything of an item's text. */

export type Query = Record<string, string>

let path = $state(location.pathname)
let query = $state<Query>(read())

addEventListener('popstate', follow)

export function where(): string {
  return path
}

export function asked(): Query {
  return query
}

/** Go to a place within the console. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  follow()
}

/** Change parts of the query; an empty one goes away. Filters replace the entry, so that Back leaves the page. */
export function ask(changes: Query): void {
  const merged = new URLSearchParams({ ...query, ...changes })
  for (const [name, value] of [...merged]) if (value === '') merged.delete(name)
  const text = merged.toString()
  go(text ? `${path}?${text}` : path, { replace: true })
}

/** Let a click on a link of ours go through the router, unless it asks for a window of its own. */
export function clicked(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.origin !== location.origin || link.target !== '' || link.download !== '') return
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  if (link.hash !== '') return // a place on the page itself: the browser takes the focus there
  event.preventDefault()
  go(link.pathname + link.search)
}

function follow(): void {
  path = location.pathname
  query = read()
}

function read(): Query {
  return Object.fromEntries(new URLSearchParams(location.search))
}
