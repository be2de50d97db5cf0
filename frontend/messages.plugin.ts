import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export const LANGUAGES = ['en', 'fr', 'ar', 'fa', 'ru']

/** Fail the build where a string lacks a language, or its translations do not name the same things. */
export function messages(): Plugin {
  return {
    name: 'quartet-messages',
    buildStart() {
      for (const file of messageFiles(join(import.meta.dirname, 'src'))) {
        const faults = faultsOf(JSON.parse(readFileSync(file, 'utf8')))
        if (faults.length > 0) this.error(`${file}: ${faults.join('; ')}`)
      }
    },
  }
}

function messageFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('messages.json'))
    .map((name) => join(folder, name))
}

function faultsOf(file: Record<string, Record<string, string>>): string[] {
  return Object.entries(file).flatMap(([key, texts]) => {
    const missing = LANGUAGES.filter((language) => !texts[language]?.trim()).map((l) => `${key} has no ${l}`)
    const strange = Object.keys(texts)
      .filter((l) => !LANGUAGES.includes(l))
      .map((l) => `${key} has ${l}`)
    const names = LANGUAGES.map((language) => placeholders(texts[language] ?? ''))
    return [...missing, ...strange, ...(new Set(names).size > 1 ? [`${key} names different things`] : [])]
  })
}

function placeholders(text: string): string {
  return [...text.matchAll(/\{(\w+)\}/g)]
    .map((found) => found[1])
    .sort()
    .join()
}
