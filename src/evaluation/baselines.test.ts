// The baselines unite what was named together, and nothing that was left out.
import { expect, test } from 'vitest'

import type { Fact } from '../core/edge/fact.ts'
import { Baselines, type Assignment } from './baselines.ts'
import { NO_CLUES } from '../core/edge/clue.ts'

/** A fact that names these; `user:1` is a user id, `crm:1` another external id. */
function fact(...names: readonly string[]): Fact {
  const identifiers = names.map((name) => {
    const [kind = '', value = ''] = name.split(':')
    const isId = kind === 'user' || kind === 'user@shop' || kind === 'crm'
    return { key: name, type: isId ? 'external_id' : kind, namespace: isId ? kind : '', value }
  })
  const at = 1_772_409_600_000
  const rest = { account: 'default', site: 'shop', type: 'track', name: '', edges: [] } as const
  return { id: names.join(), at, receivedAt: at, identifiers, clues: NO_CLUES, ...rest }
}

function groups(assignments: Iterable<Assignment>): string[] {
  const found = new Map<number, string[]>()
  for (const [key, profile] of assignments) {
    found.set(profile, [...(found.get(profile) ?? []), key])
  }
  return [...found.values()].map((keys) => keys.toSorted().join(' ')).toSorted()
}

const baselines = new Baselines()
baselines.add(fact('cookie:1', 'ip:1'))
baselines.add(fact('cookie:1', 'email:a', 'phone:1'))
baselines.add(fact('cookie:2', 'email:a', 'user@shop:1', 'ip:2'))
baselines.add(fact('cookie:3', 'phone:1', 'crm:1', 'ip:2'))
baselines.add(fact('cookie:4', 'user:1'))
baselines.add(fact('cookie:4', 'email:a', 'device_signature:1'))
baselines.add(fact('cookie:5', 'ip:3', 'device_signature:1'))
baselines.add(fact('cookie:6', 'ip:4'))

test('on names: cookies, e-mails and user ids only', () => {
  expect(groups(baselines.onNames())).toEqual([
    'cookie:1 cookie:2 cookie:4 email:a user:1 user@shop:1',
    'cookie:3',
    'cookie:5',
    'cookie:6',
    'crm:1',
    'phone:1',
  ])
})

test('on names, with what is known to be shared left out', () => {
  expect(groups(baselines.onNames((key) => key === 'email:a'))).toEqual([
    'cookie:1',
    'cookie:2 user@shop:1',
    'cookie:3',
    'cookie:4 user:1',
    'cookie:5',
    'cookie:6',
    'crm:1',
    'email:a',
    'phone:1',
  ])
})

test('on every name: phones and other external ids as well', () => {
  expect(groups(baselines.onEveryName((key) => key === 'phone:1'))).toEqual([
    'cookie:1 cookie:2 cookie:4 email:a user:1 user@shop:1',
    'cookie:3 crm:1',
    'cookie:5',
    'cookie:6',
    'phone:1',
  ])
})

test('on everything, witnesses too, which are nobody themselves', () => {
  expect(groups(baselines.onEverything())).toEqual([
    'cookie:1 cookie:2 cookie:3 cookie:4 cookie:5 crm:1 email:a phone:1 user:1 user@shop:1',
    'cookie:6',
  ])
})
