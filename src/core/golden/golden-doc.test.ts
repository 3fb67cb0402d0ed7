// docs/golden-records.md says what the code does: its table of attributes, its rules, its two examples.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { settingsOf } from '../../../test/extraction.ts'
import type { Fact } from '../edge/fact.ts'
import { isFields } from '../event/event.ts'
import { GOLDEN_RULES } from '../policy/settings-golden.ts'
import { attributesOf } from './attributes.ts'
import { goldenRecord } from './golden-record.ts'
import { saidOf } from './said.ts'
import { NO_CLUES } from '../edge/clue.ts'

const guide = readFileSync(
  fileURLToPath(new URL('../../../docs/golden-records.md', import.meta.url)),
  'utf8',
)
/** The cells of the rows that begin with a name in code style. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
const between = (from: string, to: string): string => guide.split(from)[1]?.split(to)[0] ?? ''

test('every built-in attribute is listed with its traits and its rule', () => {
  const code = (text: string): string => `\`${text}\``
  const rows = attributesOf(settingsOf()).map(({ name, from, rule }) => [
    code(name),
    from.map((path) => code(path.join('.'))).join(', '),
    code(rule),
  ])
  expect(rowsOf(between('<!-- attributes -->', '<!-- /attributes -->'))).toEqual(rows)
})

test('every rule is explained, and the configuration in the guide is allowed', () => {
  const rules = rowsOf(between('## Which value survives', '\n## ')).map(([rule = '']) => rule)
  expect(rules.toSorted()).toEqual(GOLDEN_RULES.map((rule) => `\`${rule}\``).toSorted())
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? []
  const attributes = attributesOf(settingsOf(JSON.parse(example)))
  expect(attributes.map(({ name }) => name)).toEqual(expect.arrayContaining(['plan', 'interest']))
})

test('the example comes out as it says', () => {
  const attributes = attributesOf(settingsOf())
  const said = rowsOf(between('## An example', '`email` is verified')).flatMap(
    ([id = '', time = '', site = '', message = '']) => {
      const fact: Fact = {
        id: id.replaceAll('`', ''),
        account: 'default',
        site: site.replaceAll('`', ''),
        type: 'identify',
        name: '',
        at: Number.parseInt(time, 10),
        receivedAt: 0,
        identifiers: [],
        clues: NO_CLUES,
        edges: message.includes('logged in') ? [{ from: 0, to: 1, kind: 'login' }] : [],
      }
      const [, traits = ''] = /`(\{.*\})`/.exec(message) ?? []
      const parsed: unknown = JSON.parse(traits)
      return saidOf(attributes, fact, { traits: isFields(parsed) ? parsed : {} })
    },
  )
  expect(goldenRecord(attributes, said)).toMatchObject([
    { attribute: 'city', value: 'Bonn', eventId: 'm3', different: 2, others: ['Köln'] },
    {
      attribute: 'email',
      value: 'ann@example.com',
      eventId: 'm1',
      different: 2,
      others: ['a.lee@example.com'],
    },
  ])
})
