// Writes what follows from the schema of the settings: selfsame.schema.json and the table of docs/configuration.md.
// A test (src/core/policy/settings-files.test.ts) fails while either says something else than the schema.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { allowedBy, settingsJsonSchema, type SchemaNode } from '../src/core/policy/settings.ts'

export const SCHEMA_FILE = fileURLToPath(new URL('../selfsame.schema.json', import.meta.url))
export const GUIDE_FILE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url))

const TABLE = /(<!-- settings -->\n)[\s\S]*(<!-- \/settings -->)/

/** One row a setting: path, default, what is allowed, meaning. `*` stands for a name of one's own. */
export function settingRows(node: SchemaNode = settingsJsonSchema(), path = ''): string[][] {
  const { properties = {}, additionalProperties } = node
  const inner = Object.entries(properties).map(([name, child]) => [name, child] as const)
  const any = typeof additionalProperties === 'object' ? [['*', additionalProperties] as const] : []
  const below = [...inner, ...any].flatMap(([name, child]) => {
    const childPath = path === '' ? name : `${path}.${name}`
    return typeof child === 'object' ? settingRows(child, childPath) : []
  })
  if (path === '' || (node.description === undefined && below.length > 0)) return below
  const value = node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``
  const allowed = below.length > 0 ? 'names of your own' : allowedBy(node)
  return [[`\`${path}\``, value, allowed, node.description ?? ''], ...below]
}

function tableText(): string {
  const head = [
    ['setting', 'default', 'allowed', 'meaning'],
    ['---', '---', '---', '---'],
  ]
  return [...head, ...settingRows()].map((row) => `| ${row.join(' | ')} |\n`).join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SCHEMA_FILE, `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`)
  const guide = readFileSync(GUIDE_FILE, 'utf8')
  writeFileSync(GUIDE_FILE, guide.replace(TABLE, `$1\n${tableText()}\n$2`))
  console.log('written; now run `npm run format`')
}
