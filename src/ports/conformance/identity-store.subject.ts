// What the cases of the identity store run on, and how they commit, load and compare.

import type { Digest, Key } from '../../core/identifier/identifier.ts'
import type { EdgeRecord, NodeRecord } from '../../core/profile/view/records.ts'
import type { Position } from '../event-log.ts'
import type { Commit, IdentityStore, LoadLimits, Neighbourhood } from '../identity-store.ts'
import { expectEqual, type Case } from './case.ts'
import { type Records, type Samples, samplesOf } from './identity-store.samples.ts'

/** `restart`: what was committed is there when the store is opened again. */
export type IdentityStoreNeed = 'restart'

export interface IdentityStoreSubject {
  /** Of the keys the cases make. */
  readonly account: string
  readonly digest: Digest
  /** Opens the subject's store; its last opening was closed. */
  open(): Promise<IdentityStore>
}

export type IdentityStoreCase = Case<IdentityStoreSubject, IdentityStoreNeed>

export const LIMITS: LoadLimits = {
  componentNodesMax: 100,
  componentEdgesMax: 1_000,
  sightingsPerDayMax: 100,
}
/** Opens the subject's store for some work and closes it. */
export async function withStore(
  subject: IdentityStoreSubject,
  work: (store: IdentityStore, samples: Samples) => Promise<void>,
): Promise<void> {
  const store = await subject.open()
  try {
    await work(store, samplesOf(subject))
  } finally {
    await store.close()
  }
}

/** All records of the parts in one. */
export function together(parts: readonly Records[]): Omit<Commit, 'applied'> {
  return {
    nodes: parts.flatMap((part) => part.nodes ?? []),
    widened: parts.flatMap((part) => part.widened ?? []),
    read: parts.flatMap((part) => part.read ?? []),
    edges: parts.flatMap((part) => part.edges ?? []),
    sightings: parts.flatMap((part) => part.sightings ?? []),
    profiles: parts.flatMap((part) => part.profiles ?? []),
    verdicts: parts.flatMap((part) => part.verdicts ?? []),
    verdictsRemoved: parts.flatMap((part) => part.verdictsRemoved ?? []),
    questions: parts.flatMap((part) => part.questions ?? []),
    questionsRemoved: parts.flatMap((part) => part.questionsRemoved ?? []),
    changes: parts.flatMap((part) => part.changes ?? []),
    nodesRemoved: parts.flatMap((part) => part.nodesRemoved ?? []),
    waiting: parts.flatMap((part) => part.waiting ?? []),
    waitingRemoved: parts.flatMap((part) => part.waitingRemoved ?? []),
    announced: parts.flatMap((part) => part.announced ?? []),
  }
}

/** Commits the parts at the next position of a source and sees to it that they are taken. */
export async function committed(store: IdentityStore, ...parts: readonly Records[]): Promise<void> {
  const expected = await store.position('log')
  const answer = await store.commit(commitOf(expected, ...parts))
  expectEqual(answer, 'committed', 'the answer')
}

/** The commit that takes the log from a position to the next. */
export function commitOf(from: Position, ...parts: readonly Records[]): Commit {
  return { applied: [{ source: 'log', from, to: from + 1 }], ...together(parts) }
}

export async function loaded(
  store: IdentityStore,
  nodes: readonly Key[],
  limits: Partial<LoadLimits> = {},
): Promise<Neighbourhood> {
  return store.load({ nodes, crowds: [], profiles: [] }, { ...LIMITS, ...limits })
}

/** As it comes back once it is stored. */
export function stored<T extends { readonly version: number }>(record: T): T {
  return { ...record, version: record.version + 1 }
}

/** Edges as plain values, since a map says nothing in JSON. */
export function plainEdges(edges: readonly EdgeRecord[]): readonly unknown[] {
  return edges
    .map((edge) => ({ ...edge, days: [...edge.days].toSorted(([a], [b]) => a - b) }))
    .toSorted((a, b) => (edgeOrder(a) < edgeOrder(b) ? -1 : 1))
}

function edgeOrder({ from, to, kind }: Pick<EdgeRecord, 'from' | 'to' | 'kind'>): string {
  return `${from} ${to} ${kind}`
}

/** Keys of nodes, in order. */
export function keysOf(nodes: readonly NodeRecord[]): readonly Key[] {
  return nodes.map((node) => node.key).toSorted()
}
