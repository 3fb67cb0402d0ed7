// What a profile is called, and what its standing means.
import { expect, test } from 'vitest'

import { sinceRun, whoOf } from './who.ts'

type Asked = Parameters<typeof whoOf>[0]

const identifiers = ['cookie:c-1', 'email:ana@example.com', 'phone:+49301234'].map(
  (identifier): Asked['identifiers'][number] => {
    const [type = '', value = ''] = identifier.split(':')
    return {
      identifier,
      type,
      value,
      namespace: '',
      sites: [],
      quarantined: false,
      first_seen: null,
      last_seen: null,
    }
  },
)
const golden = (values: Readonly<Record<string, string | string[]>>): Asked['golden'] => ({
  whole: true,
  values: Object.entries(values).map(([attribute, value]) => ({
    attribute,
    value,
    event_id: '',
    site: '',
    at: '',
    rule: 'first',
    verified: false,
    different: 1,
    others: [],
  })),
})

test.each<[golden: Asked['golden'], who: string]>([
  [golden({ name: 'Ana Lark', first_name: 'A', email: 'a@b.example' }), 'Ana Lark'],
  [golden({ first_name: 'Ana', last_name: 'Lark' }), 'Ana Lark'],
  [golden({ last_name: ' ', email: 'a@b.example' }), 'a@b.example'],
  [golden({ email: '35d203d51d', name: ['x', 'y'] }), 'email:ana@example.com'],
  [null, 'email:ana@example.com'],
])('%j', (known, who) => {
  expect(whoOf({ identifiers, golden: known })).toBe(who)
})

test('who has a cookie alone is called by it', () => {
  expect(whoOf({ identifiers: identifiers.slice(0, 1), golden: null })).toBe('cookie:c-1')
})

const change = (sequence: number, event: 'created' | 'merged' | 'confirmed') => ({
  sequence,
  event,
  revision: sequence,
  from: [],
  at: '',
  reason: '',
})

test('what no run has confirmed is told, with how often it changed since one did', () => {
  const changes = [change(1, 'created'), change(2, 'confirmed'), change(3, 'merged')]
  expect(sinceRun('confirmed', changes)).toBeNull()
  expect(sinceRun('provisional', changes)).toContain('changed once since a run')
  expect(sinceRun('provisional', changes.slice(0, 1))).toContain('no run has seen it yet')
  expect(sinceRun('awaiting_batch', changes)).toContain('waits for the next run')
})
