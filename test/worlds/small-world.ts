// Small dense worlds for the laws: few identifiers, many clashes, low caps, so that every guard and crowd is met.
import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import type { Fact, FactEdge } from '../../src/core/edge/fact.ts'
import { SHAPE } from '../../src/core/evidence/learned/known-witnesses.ts'
import { PAIR_BIN_COUNTS } from '../../src/core/evidence/learned/model.ts'
import { BIN_COUNTS } from '../../src/core/evidence/learned/signals.ts'
import { type Identifier, keyOf, numberOf } from '../../src/core/identifier/identifier.ts'
import type { StoredEdgeKind } from '../../src/core/policy/edge-kind.ts'
import { evidenceOf } from '../../src/core/policy/evidence-unit.ts'
import type { Knowledge } from '../../src/core/policy/knowledge.ts'
import type { IdentifierTypeRule, Policy } from '../../src/core/policy/policy.ts'
import type { Ids } from '../../src/core/profile/decision.ts'
import { mintWith } from '../../src/core/profile/profile-id.ts'
import { clueOf, cluesFrom, NO_CLUES } from '../../src/core/edge/clue.ts'

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
export const ids: Ids = {
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

/**
 * Like the defaults, with caps that small worlds reach. `learned`: witnesses join by a model, whose weights are drawn;
 * `worlds`: of so many worlds that were put apart.
 */
export function smallPolicy(merge: number | 'learned', worlds = 0): Policy {
  if (merge === 'learned')
    return { ...smallPolicy(0.85), stageBRounds: 4, knowledge: smallKnowledge(worlds) }
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
    types: new Map<string, IdentifierTypeRule>([
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
    idsPerContactMax: 1,
    sessionGapMinutes: 30,
    addressDays: 2,
    knowledge: null,
  }
}

/** How the values of a world are named that stands with others on one log; `null`: it stands alone. */
export function nameIn(world: number | null, value: string): string {
  return world === null ? value : `${value}-${world}`
}

/** Of each kind of witness two of three are known, of each world. */
const KNOWN = [
  { type: 'ip', n: 0, cookies: 2, devices: 1, shape: SHAPE.home },
  { type: 'ip', n: 1, cookies: 5, devices: 3, shape: SHAPE.office },
  { type: 'device_signature', n: 0, cookies: 3, devices: 0, shape: SHAPE.whole },
  { type: 'device_signature', n: 1, cookies: 9, devices: 0, shape: SHAPE.partial },
] as const

function smallKnowledge(worlds: number): Knowledge {
  const names = [null, ...Array.from({ length: worlds }, (_, world) => world)]
  const rows = names
    .flatMap((world) =>
      KNOWN.map(({ type, n, ...rest }) => {
        const { key } = identifier(type, '', nameIn(world, `${type}${n}`))
        return { number: numberOf(key), ...rest }
      }),
    )
    .toSorted((x, y) => (x.number < y.number ? -1 : 1))
  const drawn = (seed: number, bins: number): Int32Array =>
    Int32Array.from({ length: bins }, (_, bin) =>
      bin === 0 ? 0 : (Math.imul(seed * 131 + bin, 0x9e3779b1) >>> 21) - 900,
    )
  const witnesses = {
    number: BigInt64Array.from(rows, ({ number }) => number),
    cookies: Uint32Array.from(rows, ({ cookies }) => cookies),
    devices: Uint32Array.from(rows, ({ devices }) => devices),
    shape: Uint8Array.from(rows, ({ shape }) => shape),
    cookiesInAll: 40,
    clue: new Uint32Array(0),
    clueCookies: new Uint32Array(0),
  }
  return {
    version: 'known',
    model: {
      bias: 0,
      weights: BIN_COUNTS.map((bins, signal) => drawn(signal, bins)),
      pairWeights: PAIR_BIN_COUNTS.map((bins, term) => drawn(100 + term, bins)),
      joinFrom: -1_500,
    },
    witnesses,
    stopped: false,
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
  // More pages than a cookie keeps.
  clues: fc.array(fc.integer({ min: 0, max: 49 }), { maxLength: 8 }),
})
let serial = 0
/** Up to forty facts about nine cookies. */
export const smallWorld = fc
  .array(factArb, { minLength: 1, maxLength: 40, size: 'max' })
  .map((raw) =>
    raw.map((r, i): Fact => {
      const identifiers: Identifier[] = []
      const edges: FactEdge[] = []
      const put = (id: Identifier | null) => (id === null ? -1 : identifiers.push(id) - 1)
      const cookie = put(r.cookie)
      const named = [put(r.email), put(r.phone), put(r.user), put(r.crm)].filter((n) => n >= 0)
      if (cookie >= 0) for (const n of named) edges.push({ from: cookie, to: n, kind: r.kind })
      for (const [nth, n] of named.entries())
        for (const m of named.slice(nth + 1)) edges.push({ from: n, to: m, kind: 'same_message' })
      if (cookie >= 0 && r.ip !== null)
        edges.push({ from: cookie, to: put(r.ip), kind: 'ip_match' })
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
        clues: cookie === 0 ? cluesFrom(r.clues.map((code) => clueOf('page', code))) : NO_CLUES,
      }
    }),
  )
