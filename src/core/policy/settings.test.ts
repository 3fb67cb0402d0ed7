// The configuration: every default, every way to get it wrong, and one version for equal decisions.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { settingsOf, sha256 } from '../../../test/extraction.ts'
import { compilePolicy } from './compile-policy.ts'
import { DERIVED_EDGE_KINDS, MEMBER_EDGE_KINDS, WITNESS_EDGE_KINDS } from './edge-kind.ts'
import { EVIDENCE_MAX, evidenceOf } from './evidence-unit.ts'
import { embedded } from './settings-stack.ts'
import { parseSettings } from './settings.ts'

const policyOf = (json: unknown = {}) => compilePolicy(settingsOf(json), sha256)

test('an empty configuration has the defaults of the product', () => {
  const policy = policyOf()
  expect(policy).toMatchObject({
    account: 'default',
    mergeEvidence: evidenceOf(0.85),
    questionEvidence: evidenceOf(0.5),
    marginPpm: 50_000,
    candidateAnchorsMax: 10,
    candidatesPerGroupMax: 32,
    stageBRounds: 10,
    profileIdentifiersMax: 1000,
    neighbourhoodIdentifiersMax: 2000,
    sessionGapMinutes: 30,
    edgeEvidence: {
      login: evidenceOf(0.99),
      checkout: evidenceOf(0.98),
      form_submit: evidenceOf(0.95),
      external_link: evidenceOf(0.95),
      same_message: evidenceOf(0.95),
      alias: evidenceOf(0.95),
      same_session: evidenceOf(0.8),
      ip_match: evidenceOf(0.4),
      email_match: EVIDENCE_MAX,
      steward: EVIDENCE_MAX,
    },
  })
  expect(policy.signals.ip.evidence + policy.signals.signature.evidence).toBe(
    evidenceOf(0.3) + evidenceOf(0.6),
  )
  expect(policy.signals.ipAndSignatureCrossSite).toBe(evidenceOf(0.5))
  expect(policy.types.get('email')).toMatchObject({
    role: 'member',
    perProfileMax: 5,
    crowdWarn: 5,
    crowdVoid: 20,
    crossSiteEvidence: evidenceOf(0.99),
  })
  expect(policy.types.get('ip')).toMatchObject({
    role: 'witness',
    crowdWarn: 5,
    crowdFull: 10,
    crowdVoid: 100,
  })
  const ranks = ['external_id', 'email', 'phone', 'cookie'].map((t) => policy.types.get(t)?.rank)
  expect(ranks).toEqual([...ranks].toSorted((a = 0, b = 0) => b - a))
})

test('every kind of edge has its evidence', () => {
  const kinds = [...MEMBER_EDGE_KINDS, ...WITNESS_EDGE_KINDS, ...DERIVED_EDGE_KINDS]
  expect(Object.keys(policyOf().edgeEvidence).toSorted()).toEqual(kinds.toSorted())
})

test('uniqueness is a matter of the namespace, whatever site follows it', () => {
  const { namespaces } = policyOf({ namespaces: { crm: { unique: false }, sap: { unique: true } } })
  const unique = (namespace: string) => namespaces.get(namespace)?.unique ?? false
  expect(['user', 'user@shop', 'sap', 'sap@shop'].map(unique)).toEqual([true, true, true, true])
  expect(['crm', 'crm@shop', 'ga'].map(unique)).toEqual([false, false, false])
})

test('declared types have rules of their own', () => {
  const from = ['traits.card']
  const { types } = policyOf({
    identifierTypes: {
      card: { role: 'member', from, perProfileMax: 2, crossSite: 0.9 },
      tv: { role: 'witness', from, crowd: { warn: 2, full: 3, void: 4 } },
    },
  })
  expect(types.get('card')).toMatchObject({
    role: 'member',
    rank: 20,
    perProfileMax: 2,
    crossSiteEvidence: evidenceOf(0.9),
  })
  expect(types.get('tv')).toMatchObject({ role: 'witness', rank: 0, crowdFull: 3, crowdVoid: 4 })
})

test('the version changes with what decides, and with nothing else', () => {
  const { version } = policyOf()
  expect(version).toMatch(/^[0-9a-f]{16}$/)
  const same = [
    { thresholds: { merge: 0.85 } },
    { contacts: 'hash' },
    { conversions: { Lead: 20 } },
    { attribution: { lookbackDays: 7 } },
    { account: 'acme' },
    { golden: { attributes: { plan: { rule: 'longest' } } } },
    { limits: { segment: { messageBytesMax: 1000 } } },
    { review: { fourEyesFrom: 50 } },
    { $schema: './selfsame.schema.json' },
  ]
  expect(same.map((json) => policyOf(json).version)).toEqual(same.map(() => version))
  const other = [
    { thresholds: { merge: 0.86 } },
    { junk: { add: ['x'] } },
    { sites: { shop: { crossSite: false } } },
    { events: { Lead: 'none' } },
  ].map((json) => policyOf(json).version)
  expect(new Set([version, ...other]).size).toBe(5)
})

const from = ['traits.card']

test.each<[path: string, json: unknown, allowed: string]>([
  ['', 3, 'an object with $schema, account, contacts'],
  ['', null, 'an object with'],
  ['acount', { acount: 'x' }, 'account, contacts'],
  ['account', { account: 'A B' }, 'lower-case letters'],
  ['contacts', { contacts: 'encrypt' }, 'one of "keep", "hash"'],
  ['thresholds.merge', { thresholds: { merge: 1.5 } }, 'a number from 0 to 1'],
  ['thresholds.merge', { thresholds: { merge: '0.9' } }, 'a number from 0 to 1'],
  ['thresholds.merg', { thresholds: { merg: 0.9 } }, 'merge, question, margin'],
  ['thresholds.question', { thresholds: { question: 0.9 } }, 'at most thresholds.merge'],
  ['review.fourEyesFrom', { review: { fourEyesFrom: 1 } }, 'a whole number of 2 or more, or null'],
  ['session.gapMinutes', { session: { gapMinutes: 0 } }, 'a whole number of 1 or more'],
  ['session.gapMinutes', { session: { gapMinutes: 1.5 } }, 'a whole number of 1 or more'],
  ['phone.defaultRegion', { phone: { defaultRegion: 'Germany' } }, 'country code'],
  ['sites.My Shop', { sites: { 'My Shop': {} } }, 'lower-case letters'],
  ['sites.shop.crossSite', { sites: { shop: { crossSite: 'no' } } }, 'true or false'],
  [
    'sites.shop.userBase',
    { sites: { shop: { crossSite: false, userBase: 'acme' } } },
    'no userBase on a site that joins no other',
  ],
  [
    'sites.app.userBase',
    { sites: { shop: { crossSite: false }, app: { userBase: 'shop' } } },
    'the name of a user base of its own',
  ],
  ['events.Lead', { events: { Lead: 'merge' } }, 'one of "login", "checkout"'],
  ['events.my_lead', { events: { 'My Lead': 'login', my_lead: 'none' } }, 'each event once'],
  [
    'conversions.Lead',
    { conversions: { Lead: -1 } },
    'one of "revenue", "count", "none", or a number',
  ],
  ['conversions.my_lead', { conversions: { 'My Lead': 'count', my_lead: 1 } }, 'each event once'],
  [
    'attribution.ownHosts.0',
    { attribution: { ownHosts: ['https://a.b'] } },
    'a host in lower case',
  ],
  ['namespaces.CRM', { namespaces: { CRM: { unique: true } } }, 'without capitals'],
  ['junk.add', { junk: { add: 'x' } }, 'a list'],
  ['identifierTypes.email', { identifierTypes: { email: { role: 'member', from } } }, 'any name'],
  ['identifierTypes.card.role', { identifierTypes: { card: { from } } }, 'one of "member"'],
  [
    'identifierTypes.card.from',
    { identifierTypes: { card: { role: 'member', from: [] } } },
    'list',
  ],
  [
    'identifierTypes.card.from.0',
    { identifierTypes: { card: { role: 'member', from: ['traits.__proto__.x'] } } },
    'a path of names below traits, context or properties',
  ],
  ['golden.attributes.Plan', { golden: { attributes: { Plan: {} } } }, 'a lower-case name'],
  ['golden.attributes.x_from', { golden: { attributes: { x_from: {} } } }, 'does not end in'],
  ['golden.attributes.x.rule', { golden: { attributes: { x: { rule: 'best' } } } }, 'one of'],
  [
    'golden.attributes.x.rule',
    { golden: { attributes: { x: { rule: 'source_priority' } } } },
    'the sites in "sources"',
  ],
  [
    'golden.attributes.email.sources',
    { golden: { attributes: { email: { sources: ['shop'] } } } },
    'only with source_priority',
  ],
  [
    'golden.attributes.x.unionMax',
    { golden: { attributes: { x: { rule: 'first', unionMax: 3 } } } },
    'only with union',
  ],
  [
    'golden.attributes.x.from.0',
    { golden: { attributes: { x: { from: ['a.__proto__'] } } } },
    'a path of names below the traits',
  ],
  ['promiscuity.ip', { promiscuity: { ip: { warn: 200 } } }, 'no larger than void'],
  [
    'limits.segment.messageBytesMax',
    { limits: { segment: { messageBytesMax: 1 } } },
    'a whole number from 256 to 1000000',
  ],
])('%s is refused with what is allowed', (path, json, allowed) => {
  const result = parseSettings(json)
  expect(result.ok).toBe(false)
  if (result.ok) return
  const problem = result.problems.find((one) => one.path === path)
  expect(problem?.allowed).toContain(allowed)
  expect(problem?.message).toContain(path)
})

test('every problem is told at once', () => {
  const result = parseSettings({ acount: 'x', contacts: 1, thresholds: { merge: 2 } })
  expect(result.ok ? 0 : result.problems.length).toBe(3)
})

test('never throws, and settings parsed are settings again', () => {
  const again = { ok: true, settings: settingsOf(), stack: embedded() }
  expect(parseSettings(settingsOf())).toEqual(again)
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('sites', 'events', 'edges', 'junk'),
      (json, key) => {
        expect(parseSettings(json)).toHaveProperty('ok')
        expect(parseSettings({ [key]: json })).toHaveProperty('ok')
      },
    ),
  )
})

test.each([
  [{ log: 'kafka://a:9092' }, 'registry'],
  [{ registry: 'http://a' }, 'registry'],
  [{ graph: 'redis://a' }, 'graph'],
  [{ log: 'http://a', registry: 'http://b' }, 'log'],
])('a stack that makes no sense is refused: %j', (json, path) => {
  const parsed = parseSettings(json)
  expect(parsed.ok ? [] : parsed.problems.map((one) => one.path)).toEqual([path])
})

test('where data is kept is no part of the settings, and a refused address tells no password', () => {
  const stack = { log: 'kafka://u:secret@a:9092', registry: 'http://a', graph: 'redis://:secret@b' }
  const parsed = parseSettings(stack)
  expect(JSON.stringify(parsed.ok && parsed.settings)).not.toContain('secret')
  expect(parsed.ok && parsed.stack).toMatchObject(stack)
  const refused = parseSettings({ ...stack, log: 'kafak://u:secret@a:9092' })
  expect(JSON.stringify(refused)).not.toContain('secret')
  expect(refused.ok).toBe(false)
})
