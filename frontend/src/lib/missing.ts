/** What a form still wants: the names of its required fields that are empty, in their order. A choice says for itself. */

import { language } from './i18n.svelte'

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

export function missing(form: HTMLFormElement): readonly string[] {
  void language() // whoever looks in an effect looks again when the labels are in other words
  const required = form.querySelectorAll<Field>(':is(input:not([type=radio]), textarea, select):required')
  return [...required].filter((field) => field.validity.valueMissing).map(nameOf)
}

/** Its label's own words, without the hint and the field that stand in the label too. */
function nameOf(field: Field): string {
  const words = [...(field.labels?.[0]?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE)
  return (
    words
      .map((node) => node.textContent)
      .join(' ')
      .trim() ||
    (field.getAttribute('aria-label') ?? '')
  )
}
