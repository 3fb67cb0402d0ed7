// Profiles as graphs, played through the real path and loaded from a store: what holds, what is cut and why, what is around.
import { expect, test } from 'vitest'

import { type Arrivals, arrived, keyOf } from '../../../../test/flows/arrived.ts'
import { each, identify, IPHONE, login, page, track } from '../../../../test/scenarios/messages.ts'
import { graphOf } from '../../../flows/look-up.ts'
import { identifierText } from '../../identifier/identifier-text.ts'
import type { DescribedGraph } from './describe-graph.ts'

/** Short names of the identifiers of the tests, by their text in an answer. */
const NAMES = new Map<string, string>()

function named(text: string, name: string): string {
  const key = keyOf(text)
  NAMES.set(key, name)
  return key
}

interface Told {
  readonly nodes: readonly string[]
  readonly edges: readonly string[]
}

/** Nodes in the order given, edges sorted: `from kind to, effective, what cuts it`, `=` if it holds. */
function told({ nodes, edges, profile }: DescribedGraph): Told {
  const names = new Map(
    nodes.map((node) => [
      identifierText(node),
      NAMES.get(node.key) ?? `${node.type} ${node.value}`,
    ]),
  )
  return {
    nodes: nodes.map((node) => {
      const name = names.get(identifierText(node)) ?? ''
      const whose =
        node.profile === null ? ' (witness)' : node.profile === profile ? '' : ' (other)'
      const why = node.sharedBecause === null ? '' : `, shared: ${node.sharedBecause}`
      return `${name}${whose}${node.quarantined ? ', quarantined' : ''}${why}`
    }),
    edges: edges
      .map(({ from, to, kind, effectiveConfidence, cut, holds }) => {
        const ends = `${names.get(from)} ${kind}${holds ? '=' : ''} ${names.get(to)}`
        return `${ends}, ${effectiveConfidence.toFixed(2)}${cut === null ? '' : `, ${cut}`}`
      })
      .toSorted(),
  }
}

async function graphFrom(
  arrivals: Arrivals,
  text: string,
  nodesMax?: number,
): Promise<DescribedGraph> {
  const graph = await graphOf(await arrived(arrivals), keyOf(text), nodesMax)
  if (graph === null) throw new Error(`nobody is ${text}`)
  return graph
}

const ana = named('email:ana@home.example', 'ana')
named('email:ben@home.example', 'ben')
named('email:cleo@home.example', 'cleo')
const phone = named('cookie:c-phone', 'c-phone')
named('cookie:c-laptop', 'c-laptop')
named('cookie:kiosk', 'kiosk')
named('phone:+4915123477889', 'number')

const HOME = { ip: '203.0.113.7' }

const KIOSK: Arrivals = [
  [0, login('kiosk', 'ana@home.example')],
  [10, login('kiosk', 'ben@home.example')],
  [20, login('kiosk', 'cleo@home.example')],
  [30, login('kiosk', 'ana@home.example')],
  [40, login('c-phone', 'ana@home.example', { ...HOME, device: IPHONE })],
  [50, login('c-laptop', 'ana@home.example', HOME)],
]

test('a shared cookie and witnesses stand around a profile, and hold nothing', async () => {
  const graph = await graphFrom(KIOSK, 'cookie:c-phone')
  const { nodes, edges } = told(graph)
  const shared = 'shared: 3 e-mails without an external id in common'
  expect(nodes.map((node) => node.replace(/(device_signature).*( \(wit)/, '$1$2'))).toEqual([
    'ana',
    'c-phone',
    'c-laptop',
    `kiosk (other), ${shared}`,
    'ip 203.0.113.7 (witness)',
    'device_signature (witness)',
  ])
  expect(edges.map((edge) => edge.replace(/(device_signature).*(, 0)/, '$1$2'))).toEqual([
    'c-laptop ip_match ip 203.0.113.7, 0.00',
    'c-laptop login= ana, 0.99',
    'c-phone ip_match ip 203.0.113.7, 0.00',
    'c-phone login= ana, 0.99',
    'c-phone same_session device_signature, 0.00',
    'kiosk login ana, 0.00, the cookie is shared: 3 e-mails without an external id in common',
  ])
  expect(graph.truncated).toBe(false)
  expect(graph.nodes.map(({ promiscuity }) => promiscuity)).toEqual([
    3,
    null,
    null,
    null,
    null,
    null,
  ])
  const onKiosk = graph.edges.find(({ from }) => from === 'cookie:kiosk')
  expect(onKiosk).toMatchObject({ count: 2, sites: ['default'], firstSeen: Date.UTC(2026, 0, 1) })
  expect(onKiosk?.confidence).toBeCloseTo(0.99)
})

test('the graph of a shared cookie shows whose it could be', async () => {
  const { nodes, edges } = told(await graphFrom(KIOSK, 'cookie:kiosk'))
  const why = 'the cookie is shared: 3 e-mails without an external id in common'
  expect(nodes[0]).toBe('kiosk, shared: 3 e-mails without an external id in common')
  expect(nodes.slice(1)).toEqual(['ana (other)', 'cleo (other)', 'ben (other)'])
  expect(edges).toEqual(['ana', 'ben', 'cleo'].map((name) => `kiosk login ${name}, 0.00, ${why}`))
})

test('a refused edge says which guard refused it, one in quarantine that it is', async () => {
  const arrivals: Arrivals = [
    [0, login('c-phone', 'ana@home.example', HOME)],
    [10, login('c-phone', 'ben@home.example')],
    [20, login('c-laptop', 'ana@home.example')],
    [30, { type: 'quarantine', identifier: keyOf('cookie:c-laptop'), note: '' }],
    [31, { type: 'quarantine', identifier: keyOf('ip:203.0.113.7'), note: '' }],
  ]
  const refused = 'two e-mails were both logged in with and have no external id in common'
  const { edges } = told(await graphFrom(arrivals, 'email:ana@home.example'))
  expect(edges).toEqual([
    'c-laptop login ana, 0.00, quarantined by a steward',
    'c-phone ip_match ip 203.0.113.7, 0.00, quarantined by a steward',
    `c-phone login ben, 0.99, ${refused}`,
    'c-phone login= ana, 0.99',
  ])
  const ben = told(await graphFrom(arrivals, 'email:ben@home.example'))
  expect(ben.nodes).toEqual(['ben', 'c-phone (other)'])
  expect(ben.edges).toEqual([`c-phone login ben, 0.99, ${refused}`])
})

test('what a number says of its former owner holds them, and not the new one', async () => {
  const YEARS = 900 * 24 * 60
  const number = '+4915123477889'
  const arrivals: Arrivals = [
    [0, track('c-phone', 'Form Submitted', { phone: number })],
    [1, track('c-laptop', 'Form Submitted', { phone: number })],
    [YEARS, track('kiosk', 'Form Submitted', { phone: number })],
  ]
  const before = told(await graphFrom(arrivals, 'cookie:c-phone'))
  expect(before.nodes).toEqual(['c-phone', 'c-laptop', 'number (other)'])
  expect(before.edges).toEqual([
    'c-laptop form_submit= number, 0.95',
    'c-phone form_submit= number, 0.95',
  ])
  const now = told(await graphFrom(arrivals, 'cookie:kiosk'))
  expect(now.edges).toEqual([
    'c-laptop form_submit number, 0.95, it has changed hands since',
    'c-phone form_submit number, 0.95, it has changed hands since',
    'kiosk form_submit= number, 0.95',
  ])
})

test('a verdict is the edge that holds its two sides together', async () => {
  const { edges } = told(
    await graphFrom(
      [
        [0, page('c-phone')],
        [10, login('c-laptop', 'ana@home.example')],
        [20, { type: 'verdict', verdict: 'same', a: [phone], b: [ana], note: '' }],
      ],
      'cookie:c-phone',
    ),
  )
  expect(edges).toEqual(['c-laptop login= ana, 0.99', 'c-phone steward= ana, 1.00'])
})

test('of a large graph come the members first, then the latest around them, as many as asked for', async () => {
  const arrivals: Arrivals = [
    [0, identify('c-phone', { userId: 'u-1', email: 'ana@home.example' })],
    ...each(30, (n) => page('c-phone', { ip: `203.0.113.${n}` })).map(
      (sent, n) => [n + 1, sent] as const,
    ),
  ]
  const parts = await arrived(arrivals)
  const graph = await graphOf(parts, phone, 8)
  expect(graph?.truncated).toBe(true)
  expect(graph?.nodes.slice(0, 3).every(({ profile }) => profile === graph.profile)).toBe(true)
  const around = graph?.nodes.slice(3).map(({ value }) => value)
  expect(around).toEqual([30, 29, 28, 27, 26].map((n) => `203.0.113.${n}`))
  expect(graph?.edges.filter(({ kind }) => kind === 'ip_match')).toHaveLength(5)
  const few = await graphOf(parts, phone, 2)
  expect([few?.nodes.length, few?.truncated]).toEqual([2, true])
  const all = await graphOf(parts, phone, 33)
  expect([all?.nodes.length, all?.truncated]).toEqual([33, false])
  expect(await graphOf(parts, keyOf('ip:203.0.113.1'))).toBeNull()
  expect(await graphOf(parts, keyOf('cookie:never'))).toBeNull()
})

test('where there is too much to load, the graph is what was loaded, and says so', async () => {
  const logins = each(30, (n) => login(`c-${n}`, 'ana@home.example'))
  const arrivals = logins.map((sent, n) => [n, sent] as const)
  const parts = await arrived(arrivals, { componentEdgesMax: 10 })
  const graph = await graphOf(parts, ana)
  expect(graph?.truncated).toBe(true)
  expect(graph?.nodes[0]).toMatchObject({ key: ana, promiscuity: null })
})
