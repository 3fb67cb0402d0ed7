// The five laws on small random worlds: order, batches, duplicates; and what is decided again equals what is decided at once.
import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'

import type { Fact, FactEdge } from '../edge/fact.ts'
import { type Identifier, keyOf } from '../identifier/identifier.ts'
import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import { evidenceOf } from '../policy/evidence-unit.ts'
import type { IdentifierTypeRule, Policy } from '../policy/policy.ts'
import { applyFact } from './apply-fact.ts'
import { nothingTouched } from './touched.ts'
import type { Ids } from './decision.ts'
import { mintWith } from './profile-id.ts'
import { settle } from './settle.ts'
import { View } from './view.ts'

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
const ids: Ids = {
  mint: mintWith(digest, 'secret'),
  question: (a, b) => `rev_${digest(a + b).slice(0, 20)}`,
}

const member = {
  role: 'member',
  perProfileMax: 0,
  reassignedAfterDays: 0,
  crossSiteEvidence: 0,
  crowdWarn: 5,
  crowdFull: 5,
  crowdVoid: 0,
} as const satisfies Omit<IdentifierTypeRule, 'rank'>
const witness = {
  role: 'witness',
  rank: 0,
  perProfileMax: 0,
  reassignedAfterDays: 0,
  crossSiteEvidence: 0,
  crowdWarn: 2,
  crowdFull: 2,
  crowdVoid: 8,
} as const

function testPolicy(merge: number): Policy {
  return {
    version: 'test',
    account: 'default',
    edgeEvidence: Object.fromEntries(
      Object.entries({
        login: 0.99,
        checkout: 0.98,
        form_submit: 0.95,
        external_link: 0.95,
        same_message: 0.95,
        alias: 0.95,
      }).map(([k, c]) => [k, evidenceOf(c)]),
    ),
    mergeEvidence: evidenceOf(merge),
    questionEvidence: evidenceOf(0.2),
    marginPpm: 50_000,
    types: new Map([
      ['cookie', { ...member, rank: 1 }],
      ['phone', { ...member, rank: 2, perProfileMax: 2, reassignedAfterDays: 20, crowdVoid: 3 }],
      ['email', { ...member, rank: 3, perProfileMax: 2, crowdVoid: 3 }],
      ['external_id', { ...member, rank: 4, crowdVoid: 3 }],
      ['ip', witness],
      ['device_signature', witness],
    ]),
    namespaces: new Map([
      ['user', { unique: true }],
      ['crm', { unique: false }],
    ]),
    signals: {
      ip: {
        evidence: evidenceOf(0.3),
        crossSiteEvidence: evidenceOf(0.15),
        halfLifeHours: 6,
        windowDays: 1,
      },
      signature: {
        evidence: evidenceOf(0.6),
        crossSiteEvidence: evidenceOf(0.2),
        halfLifeHours: 24 * 21,
        windowDays: 3,
      },
      ipAndSignatureCrossSite: evidenceOf(0.5),
    },
    candidateAnchorsMax: 2,
    candidatesPerGroupMax: 32,
    stageBRounds: 2,
    profileIdentifiersMax: 12,
    neighbourhoodIdentifiersMax: 2000,
    namedPerCookieMax: 6,
    sessionGapMinutes: 30,
  }
}

const DAY = 86_400_000
const identifier = (type: string, namespace: string, value: string): Identifier => ({
  key: keyOf(digest, 'default', type, namespace, value),
  type,
  namespace,
  value,
})
const pool = (type: string, namespace: string, count: number) =>
  fc.integer({ min: 0, max: count - 1 }).map((n) => identifier(type, namespace, `${type}${n}`))

const rare = (arb: fc.Arbitrary<Identifier>) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: arb, weight: 1 })
const factArb = fc.record({
  cookie: fc.option(pool('cookie', '', 9), { freq: 16 }),
  email: rare(pool('email', '', 4)),
  phone: rare(pool('phone', '', 2)),
  user: rare(pool('external_id', 'user', 3)),
  crm: rare(pool('external_id', 'crm', 2)),
  ip: fc.option(pool('ip', '', 3)),
  signature: fc.option(pool('device_signature', '', 3)),
  kind: fc.constantFrom<StoredEdgeKind>('login', 'form_submit', 'checkout', 'external_link'),
  day: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 60 })),
  hour: fc.integer({ min: 8, max: 14 }),
  site: fc.constantFrom('a', 'a', 'b'),
})
let serial = 0
const worldArb = fc.array(factArb, { minLength: 1, maxLength: 40, size: 'max' }).map((raw) =>
  raw.map((r, i): Fact => {
    const identifiers: Identifier[] = []
    const edges: FactEdge[] = []
    const put = (id: Identifier | null) => (id === null ? -1 : identifiers.push(id) - 1)
    const cookie = put(r.cookie)
    const named = [put(r.email), put(r.phone), put(r.user), put(r.crm)].filter((n) => n >= 0)
    if (cookie >= 0) for (const n of named) edges.push({ from: cookie, to: n, kind: r.kind })
    for (const [nth, n] of named.entries())
      for (const m of named.slice(nth + 1)) edges.push({ from: n, to: m, kind: 'same_message' })
    if (cookie >= 0 && r.ip !== null) edges.push({ from: cookie, to: put(r.ip), kind: 'ip_match' })
    if (cookie >= 0 && r.signature !== null)
      edges.push({ from: cookie, to: put(r.signature), kind: 'same_session' })
    const at = (20_000 + r.day) * DAY + r.hour * 3_600_000 + i
    return {
      id: `m${serial++}`,
      account: 'default',
      site: r.site,
      type: 'track',
      name: '',
      at,
      receivedAt: at,
      identifiers,
      edges,
    }
  }),
)

function play(policy: Policy, batches: readonly (readonly Fact[])[]): View {
  const view = new View()
  for (const batch of batches) {
    const touched = nothingTouched()
    for (const fact of batch) {
      for (const { key } of fact.identifiers) ensureCrowds(view, key, policy)
      applyFact(view, policy, fact, touched)
    }
    for (let round = 0; ; round++) {
      const needs = settle(view, policy, touched, ids)
      if (needs === null) break
      if (round > 50) throw new Error(`never settles: ${JSON.stringify(needs).slice(0, 400)}`)
      for (const ask of needs.crowds) view.absorbCrowds(ask, [], 1000, policy)
      for (const id of needs.profiles) if (!view.profiles.has(id)) view.profiles.set(id, null)
      if (needs.nodes.length > 0) throw new Error('a whole view misses nothing')
    }
  }
  return view
}

/** The test's view has no store behind it: all crowds are known from the start. */
function ensureCrowds(view: View, key: string, policy: Policy): void {
  if (view.crowds.has(key)) return
  view.absorbCrowds({ identifier: key, fromDay: 19_990, toDay: 20_070 }, [], 1000, policy)
}

function partition(view: View): string {
  const profiles = new Map<string, string[]>()
  for (const node of view.nodes()) {
    if (node.component === '') continue
    expect(node.profile).not.toBe('')
    profiles.set(
      node.profile,
      [
        ...(profiles.get(node.profile) ?? []),
        `${node.type}:${node.namespace}:${node.value}`,
      ].toSorted(),
    )
  }
  return [...profiles.values()]
    .map((m) => m.join(' '))
    .toSorted()
    .join('\n')
}

const questions = (view: View): string =>
  [...view.questions.values()]
    .map((q) => `${q.a} ${q.b} ${q.guard} ${q.evidence}`)
    .toSorted()
    .join('\n')

for (const merge of [0.85, 0.28]) {
  const policy = testPolicy(merge)
  test(`profiles are a function of the facts: one by one, at once, shuffled, doubled (threshold ${merge})`, () => {
    fc.assert(
      fc.property(worldArb, fc.infiniteStream(fc.nat()), (facts, random) => {
        const atOnce = play(policy, [facts])
        const oneByOne = play(
          policy,
          facts.map((f) => [f]),
        )
        const shuffled = facts
          .map((f) => ({ f, n: random.next().value as number }))
          .toSorted((x, y) => x.n - y.n)
          .map(({ f }) => f)
        const doubled = [...shuffled, ...shuffled.slice(0, 5)]
        expect(partition(oneByOne)).toBe(partition(atOnce))
        expect(questions(oneByOne)).toBe(questions(atOnce))
        expect(
          partition(
            play(
              policy,
              doubled.map((f) => [f]),
            ),
          ),
        ).toBe(partition(atOnce))
        expect(
          questions(
            play(
              policy,
              doubled.map((f) => [f]),
            ),
          ),
        ).toBe(questions(atOnce))
      }),
    )
  })
}
