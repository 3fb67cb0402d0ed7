// What follows from the schema of the settings says what the schema says: the JSON Schema file and the guide's table.
import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { GUIDE_FILE, SCHEMA_FILE, settingRows } from '../../../scripts/settings-files.ts'
import { settingsOf } from '../../../test/extraction.ts'
import { EVENT_KINDS } from './defaults.ts'
import { settingsJsonSchema } from './settings.ts'

// Does one of these fail: run `npx node scripts/settings-files.ts` and `npm run format`.
const guide = readFileSync(GUIDE_FILE, 'utf8')

test('selfsame.schema.json is the schema', () => {
  expect(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))).toEqual(settingsJsonSchema())
})

test('docs/configuration.md has a row for every setting, and none besides', () => {
  const table = guide.split('<!-- settings -->')[1]?.split('<!-- /settings -->')[0] ?? ''
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  expect(rows).toEqual(settingRows())
})

test('the guide lists every event of the built-in table, and its example is allowed', () => {
  for (const event of Object.keys(EVENT_KINDS)) expect(guide).toContain(event)
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? []
  expect(settingsOf(JSON.parse(example)).phone.defaultRegion).toBe('DE')
})
