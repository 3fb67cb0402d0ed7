// The ways in which strangers come to be one profile, second part: how joining itself goes wrong.
import { isDeepStrictEqual } from 'node:util'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Fact } from '../../src/core/edge/fact.ts'
import { parseEvent } from '../../src/core/event/parse-event.ts'
import { compilePolicy } from '../../src/core/policy/compile-policy.ts'
import { settingsOf, sha256 } from '../extraction.ts'
import { erase } from './decrees.ts'
import {
  decideAgain,
  type Graph,
  leadsTo,
  membersOf,
  newGraph,
  play,
  playStep,
  unwhole,
} from './graph.ts'
import {
  alias,
  each,
  identify,
  IPHONE,
  LAPTOP,
  login,
  page,
  type Sent,
  signUp,
  track,
} from './messages.ts'
import { partitionText } from './reading.ts'
import { type Row, scenario } from './scenario.ts'
import { factFrom, stage } from './stage.ts'

// oxfmt-ignore
scenario('8. a hairball: a profile that is full takes nobody in, asks, and loses no event', [
  ['day 1 10:00', 'eleven cookies and an e-mail', each(11, (n) => login(`c-${n}`, 'ana@home.example')),
    'c-1..11 ana@home'],
  ['day 2 10:00', 'one more', login('c-12', 'ana@home.example'),
    'c-1..11 ana@home | c-12', { asks: ['oversize c-1 ? c-12'] }],
  ['day 3 10:00', 'and one that is known elsewhere', [login('c-13', 'new@home.example'), signUp('c-13', 'ana@home.example')],
    'c-1..11 ana@home | c-12 | c-13 new@home', { asks: ['oversize c-1 ? c-12', 'two_logins c-1 ? c-13'] }],
  ['day 4 10:00', 'two of its cookies are erased: there is room for what came first', erase('c-3 c-4'),
    'c-1..2 c-5..12 ana@home | c-13 new@home', { asks: ['two_logins c-1 ? c-13'] }],
], {
  settings: { guards: { profileIdentifiersMax: 12 } },
  owners: { 'day 2 10:00': 'ana@home' },
})

test('8. a hairball too large to look at keeps its last partition and waits, and nobody is lost', () => {
  const rows: Row[] = [
    [
      'day 1 10:00',
      'nine cookies and an e-mail',
      each(9, (n) => login(`c-${n}`, 'ana@home.example')),
      'c-1..9 ana@home',
    ],
    ['day 2 10:00', 'more', each(3, (n) => login(`d-${n}`, 'ana@home.example')), 'd-1..3'],
  ]
  const set = stage(rows, { guards: { neighbourhoodIdentifiersMax: 10 } })
  const graph = newGraph(set.policy, set.extraction, set.facts)
  for (const step of set.steps) playStep(graph, step)
  expect(partitionText(graph, set.names, false)).toBe(
    'ana@home c-1 c-2 c-3 c-4 c-5 c-6 c-7 c-8 c-9 | d-1 | d-2 | d-3',
  )
  expect(graph.view.waiting.size).toBeGreaterThan(0)
  decideAgain(graph, compilePolicy(settingsOf({}), sha256))
  expect(new Set(membersOf(graph).map((node) => node.profile)).size).toBe(1)
})

// oxfmt-ignore
scenario('9. a deterministic key over fuzzy clusters: a login on one of each does not make them one', [
  ['day 1 10:00', 'two look-alikes here', [page('a-1', { ip: '203.0.113.9', device: LAPTOP }), page('a-2', { ip: '203.0.113.9', device: LAPTOP })],
    'a-1 a-2'],
  ['day 1 10:10', 'and two there', [page('b-1', { ip: '198.51.100.7', device: IPHONE }), page('b-2', { ip: '198.51.100.7', device: IPHONE })],
    'a-1 a-2 | b-1 b-2'],
  ['day 2 10:00', 'Ana logs in on one here', login('a-1', 'ana@home.example'),
    'a-1 a-2 ana@home | b-1 b-2'],
  ['day 2 11:00', 'and on one there: the login joins those two; of the others one is as near as the other', login('b-1', 'ana@home.example'),
    'a-1 b-1 ana@home | a-2 | b-2', { asks: ['margin a-1 ? a-2', 'margin a-1 ? b-2'] }],
], { settings: { thresholds: { merge: 0.7, question: 0.7 } } })

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((item, i) =>
    permutations(list.toSpliced(i, 1)).map((rest) => [item, ...rest]),
  )
}

test('12. merges that race: messages of one instant give one profile in every order, alone or in batches', () => {
  const rows: Row[] = [
    ['day 1 10:00', 'three profiles', [page('c-1'), page('c-2'), page('c-3')], 'each c-1..3'],
    [
      'day 2 10:00',
      'all meet',
      [
        login('c-1', 'ana@home.example'),
        login('c-2', 'ana@home.example'),
        login('c-3', 'ana@work.example'),
        identify('c-1', { userId: 'u-ana', email: 'ana@work.example' }),
        identify(null, { userId: 'u-ana', email: 'ana@home.example' }),
      ],
      'c-1..3 ana@home ana@work user:u-ana',
    ],
  ]
  const set = stage(rows, {})
  const [before = [], racing = []] = set.steps.map((step) => step.facts)
  const instant = racing.map((fact): Fact => ({
    ...fact,
    at: racing[0]?.at ?? 0,
    receivedAt: racing[0]?.receivedAt ?? 0,
  }))
  const ends = permutations(instant).flatMap((order) =>
    [order.map((fact) => [fact]), [order], [order.slice(0, 2), order.slice(2)]].map((batches) => {
      const graph = newGraph(set.policy, set.extraction, set.facts)
      for (const fact of before) play(graph, [fact])
      for (const batch of batches) play(graph, batch)
      const ids = [...graph.view.profiles.keys()].map((id) => leadsTo(graph, id))
      return [partitionText(graph, set.names, false), ...new Set(ids), ...unwhole(graph)].join(' ')
    }),
  )
  expect(ends).toHaveLength(360)
  const founded = newGraph(set.policy, set.extraction, set.facts)
  for (const fact of before) play(founded, [fact])
  const oldest = founded.view.node(set.names.keyOf('c-1'))?.profile
  expect(new Set(ends)).toEqual(new Set([`ana@home ana@work c-1 c-2 c-3 user:u-ana ${oldest}`]))
})

const USERS = 24
const user = fc.integer({ min: 1, max: USERS })

/** Reachability by repeated squaring of the adjacency: slow, and nothing like a union-find. */
function closure(pairs: readonly (readonly [number, number])[]): string {
  let reach = Array.from({ length: USERS + 1 }, (_, i) =>
    Array.from({ length: USERS + 1 }, (_unused, j) => i === j),
  )
  for (const [a, b] of pairs)
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const)
      reach[x]?.fill(true, y, y + 1)
  for (let step = 1; step < USERS; step *= 2)
    reach = reach.map((row) =>
      row.map((_, j) => row.some((there, k) => there && reach[k]?.[j] === true)),
    )
  const named = new Set(pairs.flat())
  const sets = [...named].map((i) =>
    [...named]
      .filter((j) => reach[i]?.[j] === true)
      .map((j) => `user:u-${j}`)
      .toSorted()
      .join(' '),
  )
  return [...new Set(sets)].toSorted().join(' | ')
}

test('15. an engine that does not converge: what is joined is the closure of random edges, to the last member', () => {
  const settings = { namespaces: { user: { unique: false } } }
  fc.assert(
    fc.property(
      fc.array(fc.tuple(user, user), { minLength: 1, maxLength: 40 }),
      fc.boolean(),
      (pairs, atOnce) => {
        const rows: Row[] = [
          [
            'day 1 10:00',
            'edges',
            pairs.map(([a, b]): Sent => alias(`u-${a}`, `u-${b}`)),
            'user:u-1..24',
          ],
        ]
        const set = stage(rows, settings)
        const graph = newGraph(set.policy, set.extraction, set.facts)
        const batches = atOnce ? [set.facts] : set.facts.map((fact) => [fact])
        for (const batch of batches) play(graph, batch)
        expect(partitionText(graph, set.names, false)).toBe(closure(pairs))
        expect(unwhole(graph)).toEqual([])
      },
    ),
  )
})

// oxfmt-ignore
scenario('16. a limit drops what is too much of an identifier, never the event or the profile, and gives it back', [
  ['day 1 10:00', 'five e-mails of one account', each(5, (n) => identify(null, { userId: 'u-ana', email: `m${n}@home.example` })),
    'user:u-ana m1@home m2@home m3@home m4@home m5@home'],
  ['day 2 10:00', 'a sixth', identify(null, { userId: 'u-ana', email: 'm6@home.example' }),
    'user:u-ana m1@home m2@home m3@home m4@home m5@home | m6@home', { asks: ['type_cap user:u-ana ? m6@home'] }],
  ['day 3 10:00', 'is used: it lives on by itself', login('c-6', 'm6@home.example'),
    'user:u-ana m1@home m2@home m3@home m4@home m5@home | m6@home c-6'],
  ['day 4 10:00', 'and the profile is not frozen', identify('c-1', { userId: 'u-ana' }),
    'user:u-ana m1@home m2@home m3@home m4@home m5@home c-1 | m6@home c-6'],
  ['day 5 10:00', 'one of the five is erased: the sixth belongs to it', erase('m3@home'),
    'user:u-ana m1@home m2@home m4@home m5@home c-1 m6@home c-6', { asks: [] }],
], { owners: { 'day 2 10:00': 'user:u-ana', 'day 3 10:00': 'm6@home', 'day 4 10:00': 'user:u-ana' } })

/** Plays the rows under a configuration and tells the end. */
function playedUnder(rows: readonly Row[], json: unknown): { graph: Graph; text: () => string } {
  const set = stage(rows, json)
  const graph = newGraph(set.policy, set.extraction, set.facts)
  for (const step of set.steps) playStep(graph, step)
  return { graph, text: () => partitionText(graph, set.names, false) }
}

test('17. a rule tightened later leaves nothing of the looser one behind: what is decided again is as if it had always held', () => {
  const rows: Row[] = [
    [
      'day 1 10:00',
      'forms and a login',
      [
        signUp('c-1', 'ana@home.example'),
        signUp('c-2', 'ana@home.example'),
        login('c-3', 'ana@home.example'),
      ],
      'c-1..3 ana@home',
    ],
    [
      'day 2 10:00',
      'a phone',
      track('c-1', 'Form Submitted', { phone: '+4915123477889' }),
      '+4915123477889',
    ],
  ]
  const tighter = { edges: { form_submit: 0.8 } }
  const { graph, text } = playedUnder(rows, {})
  expect(text()).toBe('+4915123477889 ana@home c-1 c-2 c-3')
  decideAgain(graph, compilePolicy(settingsOf(tighter), sha256))
  expect(text()).toBe('+4915123477889 | ana@home c-3 | c-1 | c-2')
  expect(text()).toBe(playedUnder(rows, tighter).text())
  for (const id of graph.view.profiles.keys()) expect(leadsTo(graph, id)).not.toBeNull()
  decideAgain(graph)
  expect(text()).toBe('+4915123477889 ana@home c-1 c-2 c-3')
})

// oxfmt-ignore
scenario('18. an erased identifier resurrected by a replay: the log ends erased; what a client sends anew is new, without its old edges', [
  ['day 1 10:00', 'Ana', [page('c-1'), login('c-1', 'ana@home.example'), login('c-2', 'ana@home.example')],
    '#c-1: c-1 c-2 ana@home'],
  ['day 2 10:00', 'is erased', erase('c-1 c-2 ana@home'),
    ''],
  ['day 3 10:00', 'a client sends one of her messages again, under a new message id', page('c-1'),
    "#c-1': c-1"],
  ['day 4 10:00', 'and another', login('c-2', 'ana@home.example'),
    "#c-1': c-1 | #ana@home: ana@home c-2"],
])

test('19. consent merged away: two profiles become one, and the consent in each raw message stays what it was', () => {
  const sent = [
    login('c-1', 'ana@home.example', {
      consent: { categoryPreferences: { advertising: true, analytics: true } },
    }),
    login('c-2', 'ana@home.example', { consent: { categoryPreferences: { advertising: false } } }),
    login('c-3', 'ana@home.example'),
  ]
  const before = structuredClone(sent)
  const set = stage([['day 1 10:00', 'three devices', sent, 'c-1..3 ana@home']], {})
  const graph = newGraph(set.policy, set.extraction, set.facts)
  play(graph, set.facts)
  expect(new Set(membersOf(graph).map((node) => node.profile)).size).toBe(1)
  expect(isDeepStrictEqual(sent, before)).toBe(true)
  const consents = sent.map(({ raw, site }) => {
    const parsed = parseEvent(raw, { receivedAt: 0, historical: true, site }, sha256)
    return parsed.ok ? parsed.event.context['consent'] : parsed.reason
  })
  expect(consents).toEqual([
    { categoryPreferences: { advertising: true, analytics: true } },
    { categoryPreferences: { advertising: false } },
    undefined,
  ])
  expect(factFrom(set.extraction, sent[1] ?? page('c-2'), 0, 'm')).not.toHaveProperty('consent')
})
