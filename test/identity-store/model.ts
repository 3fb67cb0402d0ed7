// Property: whatever is committed and asked, in whatever order, a store answers as the plain maps in memory do.
// It is closed and opened in between. fast-check prints seed and steps.

import { hash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { createMemoryIdentityStore } from '../../src/adapters/memory/index.ts'
import { MEMBER_EDGE_KINDS, type StoredEdgeKind } from '../../src/core/policy/edge-kind.ts'
import type { NodeRecord, ProfileRecord } from '../../src/core/profile/view/records.ts'
import {
  profileId,
  type Records,
  samplesOf,
} from '../../src/ports/conformance/identity-store.samples.ts'
import { commitOf, plainEdges } from '../../src/ports/conformance/identity-store.subject.ts'
import type {
  FeedRow,
  IdentityStore,
  LoadLimits,
  LoadRequest,
} from '../../src/ports/identity-store.ts'

const samples = samplesOf({
  account: 'default',
  digest: (text: string) => hash('sha256', text, 'hex'),
})
const MEMBERS = Array.from({ length: 9 }, (_, i) => `${i % 3 === 0 ? 'email' : 'cookie'}:${i}`)
const WITNESSES = ['ip:1', 'ip:2', 'device_signature:1']
const NAMES = [...MEMBERS, ...WITNESSES]
const DAYS = 5

const index = (list: readonly unknown[]) => fc.nat({ max: list.length - 1 })
const few = <T>(one: fc.Arbitrary<T>, most = 4) => fc.array(one, { maxLength: most })
const member = index(MEMBERS).map((i) => MEMBERS[i]!)
const name = index(NAMES).map((i) => NAMES[i]!)
const at = fc.integer({ min: -5_000, max: 2_000_000_000_000 })
const site = fc.subarray(['shop', 'blog', 'café'], { minLength: 1 })
const days = fc
  .array(fc.tuple(fc.integer({ min: -3, max: 30_000 }), fc.integer({ min: 1, max: 0xffffff })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((list) => new Map(list))

const commitStep = fc.record({
  what: fc.constant('commit' as const),
  nodes: few(
    fc.record({
      name,
      label: member,
      profile: member,
      anchor: member,
      at,
      last: at,
      site,
      quarantined: fc.boolean(),
    }),
    6,
  ),
  /** Of witnesses. */
  widened: few(
    fc.record({ name: index(WITNESSES).map((i) => WITNESSES[i]!), at, last: at, site }),
    2,
  ),
  removed: few(name, 1),
  edges: few(
    fc.record({
      from: member,
      to: name,
      kind: index(MEMBER_EDGE_KINDS).map((i) => MEMBER_EDGE_KINDS[i]!),
      at,
      last: at,
      site,
      days,
      count: fc.nat(),
      event: fc.string({ maxLength: 5 }),
      once: fc.boolean(),
    }),
    6,
  ),
  sightings: few(
    fc.record({
      name,
      from: member,
      day: fc.nat({ max: DAYS }),
      hours: fc.integer({ min: 1, max: 0xffffff }),
    }),
    8,
  ),
  profiles: few(
    fc.record({
      member,
      size: fc.nat({ max: 3 }),
      redirect: fc.option(member),
      kind: fc.constantFrom('anonymous' as const, 'person' as const, 'shared' as const),
      at,
    }),
  ),
  questions: few(fc.record({ id: fc.nat({ max: 5 }), a: member, b: member }), 2),
  questionsRemoved: few(fc.nat({ max: 5 }), 1),
  verdicts: few(fc.record({ id: fc.nat({ max: 3 }), a: few(member), b: few(member) }), 1),
  verdictsRemoved: few(fc.nat({ max: 3 }), 1),
  changes: few(fc.record({ member, from: few(member, 2), reason: fc.string() }), 3),
  waiting: few(member, 2),
  waitingRemoved: few(member, 2),
  /** Now and then a version or position is out of date. */
  stale: fc.constantFrom(0, 0, 0, 0, 0, 1, 2, 3),
})
const loadStep = fc.record({
  what: fc.constant('load' as const),
  names: few(name, 8),
  crowds: few(
    fc.record({ name, fromDay: fc.integer({ min: -1, max: DAYS }), days: fc.nat({ max: DAYS }) }),
    3,
  ),
  profiles: few(member, 3),
  nodesMax: fc.constantFrom(1, 2, 3, 100),
  edgesMax: fc.constantFrom(1, 3, 6, 1_000),
  perDayMax: fc.constantFrom(0, 1, 3, 100),
})
const reopenStep = fc.record({
  what: fc.constant('reopen' as const),
  /** How much the store may remember from then on, if that can be told it. */
  rememberedMax: fc.constantFrom(1, 5, 1_000),
})
const stepArbitrary = fc.oneof(
  { weight: 5, arbitrary: commitStep },
  { weight: 5, arbitrary: loadStep },
  { weight: 1, arbitrary: reopenStep },
)
type CommitStep = typeof commitStep extends fc.Arbitrary<infer T> ? T : never
type LoadStep = typeof loadStep extends fc.Arbitrary<infer T> ? T : never

interface Stored {
  readonly nodes: ReadonlyMap<string, NodeRecord>
  readonly profiles: ReadonlyMap<string, ProfileRecord>
}

async function storedIn(store: IdentityStore): Promise<Stored> {
  const nodes = await store.scanNodes('', 1_000)
  const request = { nodes: [], crowds: [], profiles: MEMBERS.map(profileId) }
  const { profiles } = await store.load(request, limitsOf(100, 100, 100))
  return {
    nodes: new Map(nodes.map((node) => [node.key, node])),
    profiles: new Map(profiles.map((profile) => [profile.id, profile])),
  }
}

function limitsOf(nodesMax: number, edgesMax: number, perDayMax: number): LoadLimits {
  return { componentNodesMax: nodesMax, componentEdgesMax: edgesMax, sightingsPerDayMax: perDayMax }
}

const kindsTo = (to: string, kind: StoredEdgeKind): StoredEdgeKind =>
  to.startsWith('ip') ? 'ip_match' : to.startsWith('device') ? 'same_session' : kind

const lastOfEach = <T>(list: readonly T[], keyOf: (one: T) => string): T[] => [
  ...new Map(list.map((one) => [keyOf(one), one])).values(),
]

/** The step as a commit that names only what is there, but perhaps in versions that are not. */
function recordsOf(step: CommitStep, stored: Stored): Records {
  const { key, node, edge, profile, question, verdict, change } = samples
  const removed = new Set(step.removed.map(key))
  const given = lastOfEach(step.nodes, (one) => one.name)
  const wider = lastOfEach(step.widened, (one) => one.name).filter(
    (one) => !given.some((whole) => whole.name === one.name),
  )
  const willBe = (of: string): boolean =>
    [...given, ...wider].some((one) => one.name === of) ||
    (stored.nodes.has(key(of)) && !removed.has(key(of)))
  const versionOf = (of: string): number =>
    removed.has(key(of)) ? 0 : (stored.nodes.get(key(of))?.version ?? 0)
  const nodes = given.map((one, i) =>
    node(one.name, {
      firstSeen: one.at,
      lastSeen: one.last,
      receivedAt: one.last - 7,
      sites: one.site,
      quarantined: one.quarantined,
      version: versionOf(one.name) + (i === 0 && step.stale === 1 ? 1 : 0),
      anchor: key(willBe(one.anchor) ? one.anchor : one.name),
      ...(MEMBERS.includes(one.name)
        ? { component: key(one.label), profile: profileId(one.profile) }
        : {}),
    }),
  )
  const redirects = new Map(
    step.profiles.map((one) => {
      const target = one.redirect
      const forward = target !== null && MEMBERS.indexOf(target) > MEMBERS.indexOf(one.member)
      return [one.member, forward ? target : null]
    }),
  )
  const named = [
    ...given.map((one) => one.profile),
    ...step.changes.map((one) => one.member),
    ...[...redirects.values()].filter((one) => one !== null),
  ].filter((one) => !stored.profiles.has(profileId(one)))
  const profiles = lastOfEach(
    [
      ...named.map((one) => ({ member: one, size: 1, kind: 'anonymous' as const, at: 5 })),
      ...step.profiles,
    ],
    (one) => one.member,
  ).map((one, i) => {
    const redirect = redirects.get(one.member) ?? null
    return profile(one.member, {
      size: one.size,
      kind: one.kind,
      foundedAt: one.at,
      redirect: redirect === null ? null : profileId(redirect),
      version:
        (stored.profiles.get(profileId(one.member))?.version ?? 0) +
        (i === 0 && step.stale === 2 ? 1 : 0),
    })
  })
  const edges = lastOfEach(
    step.edges
      .map((one) => ({ ...one, kind: kindsTo(one.to, one.kind) }))
      .filter((one) => willBe(one.from) && willBe(one.to)),
    (one) => `${one.from} ${one.to} ${one.kind}`,
  ).map((one) =>
    edge(one.from, one.to, one.kind, {
      firstSeen: one.at,
      lastSeen: one.last,
      sites: one.site,
      days: one.days,
      count: one.count,
      firstEvent: one.event,
      lastEvent: one.once ? one.event : 'last',
    }),
  )
  return {
    nodes,
    widened: wider.map((one) =>
      node(one.name, {
        firstSeen: one.at,
        lastSeen: one.last,
        receivedAt: one.at + 3,
        sites: one.site,
      }),
    ),
    profiles,
    edges,
    nodesRemoved: [...removed],
    sightings: lastOfEach(
      step.sightings.filter((one) => willBe(one.name) && willBe(one.from)),
      (one) => `${one.name} ${one.day} ${one.from}`,
    ).map((one) => samples.sighting(one.name, one.from, one.day, one.hours)),
    questions: lastOfEach(
      step.questions.filter((one) => willBe(one.a) && willBe(one.b)),
      (one) => `${one.id}`,
    ).map((one) => question(`q${one.id}`, one.a, one.b)),
    questionsRemoved: step.questionsRemoved.map((id) => `q${id}`),
    verdicts: step.verdicts.map((one) => verdict(`v${one.id}`, one.a, one.b)),
    verdictsRemoved: step.verdictsRemoved.map((id) => `v${id}`),
    changes: step.changes.map((one, i) =>
      change(one.member, i, { from: one.from.map(profileId), reason: one.reason }),
    ),
    waiting: step.waiting.map(key),
    waitingRemoved: step.waitingRemoved.map(key),
  }
}

async function answerOf(store: IdentityStore, step: LoadStep): Promise<unknown> {
  const { key } = samples
  const request: LoadRequest = {
    nodes: step.names.map(key),
    crowds: step.crowds.map((one) => ({
      identifier: key(one.name),
      fromDay: one.fromDay,
      toDay: one.fromDay + one.days,
    })),
    profiles: step.profiles.map(profileId),
  }
  const limits = limitsOf(step.nodesMax, step.edgesMax, step.perDayMax)
  const { nodes, edges, complete, over, ...rest } = await store.load(request, limits)
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
  return {
    nodes: nodes.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    edges: plainEdges(edges),
    complete: complete.toSorted(),
    over: over.toSorted(),
    sightings: rest.sightings,
    profiles: rest.profiles.toSorted(byId),
    verdicts: rest.verdicts.toSorted(byId),
    questions: rest.questions.toSorted(byId),
  }
}

/** When a question was opened is the clock's. */
function timeless(row: FeedRow): unknown {
  return row.event.startsWith('review.') ? { ...row, at: 0 } : row
}

async function wholeOf(store: IdentityStore): Promise<unknown> {
  return {
    nodes: await store.scanNodes('', 1_000),
    counts: await store.counts(),
    census: await store.census(new Map([['ip', 2]])),
    changes: await store.changes(0, 1_000),
    feed: (await store.feed(0, 1_000)).map(timeless),
    latest: await store.changesOf(profileId('email:0'), 2),
    waiting: await store.waiting(100),
    position: await store.position('log'),
    profiles: await Promise.all(MEMBERS.map((of) => store.profile(profileId(of)))),
  }
}

type Step = CommitStep | LoadStep

/** What each store answers to the step. */
async function answersTo(
  step: Step,
  memory: IdentityStore,
  subject: IdentityStore,
): Promise<[unknown, unknown]> {
  if (step.what === 'load') return [await answerOf(memory, step), await answerOf(subject, step)]
  const position = await memory.position('log')
  const expected = step.stale === 3 ? position + 5 : position
  const commit = commitOf(expected, recordsOf(step, await storedIn(memory)))
  return [await memory.commit(commit), await subject.commit(commit)]
}

/** Holds the property. `inNew`: does the work on a new store, which it says how to open, again and again. */
export async function expectAnswersOfMemory(
  inNew: (
    work: (open: (rememberedMax?: number) => Promise<IdentityStore>) => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 25, size: 'max' }), (steps) =>
      inNew(async (open) => {
        const memory = createMemoryIdentityStore()
        let subject = await open()
        try {
          for (const step of steps) {
            if (step.what === 'reopen') {
              await subject.close()
              subject = await open(step.rememberedMax)
              continue
            }
            const [should, is] = await answersTo(step, memory, subject)
            expect(is).toEqual(should)
          }
          expect(await wholeOf(subject)).toEqual(await wholeOf(memory))
        } finally {
          await subject.close()
        }
      }),
    ),
  )
}
