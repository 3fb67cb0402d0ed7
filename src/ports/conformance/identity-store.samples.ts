// Small graphs for the cases of the identity store.
// Invariant: names are `type:value`; types `ip` and `device_signature` are witnesses, all others members.

import { keyOf, type Digest, type Key } from '../../core/identifier/identifier.ts'
import type { StoredEdgeKind } from '../../core/policy/edge-kind.ts'
import type {
  Change,
  EdgeRecord,
  NodeRecord,
  ProfileRecord,
  QuestionRecord,
  Sighting,
  VerdictRecord,
} from '../../core/profile/view/records.ts'
import type { Commit } from '../identity-store.ts'
import { NO_CLUES } from '../../core/edge/clue.ts'

/** Some of the records of a commit. */
export type Records = Partial<Omit<Commit, 'applied'>>
export type Samples = ReturnType<typeof samplesOf>

const AT = 1_700_000_000_000
export const DAY = Math.floor(AT / 86_400_000)

export function profileId(name: string): string {
  return `prf_${name}`
}

/** Makers of records that were never stored, for the keys of an account. */
export function samplesOf({ account, digest }: { account: string; digest: Digest }) {
  const key = (name: string): Key => keyOf(digest, account, typeOf(name), '', valueOf(name))
  const node = (name: string, given: Partial<NodeRecord> = {}): NodeRecord => ({
    ...nodeOf(name, key(name)),
    ...given,
  })
  const profile = (name: string, given: Partial<ProfileRecord> = {}): ProfileRecord => ({
    ...profileOf(name, key(name)),
    ...given,
  })
  return {
    key,
    /** Alone in the profile and component of its own name, unless `given` says otherwise. */
    node,
    /** Of the size 1; its founder is the node of the same name. */
    profile,
    edge: (
      from: string,
      to: string,
      kind: StoredEdgeKind,
      given: Partial<EdgeRecord> = {},
    ): EdgeRecord => ({
      from: key(from),
      to: key(to),
      kind,
      firstSeen: AT,
      lastSeen: AT + 1_000,
      count: 2,
      sites: ['shop'],
      firstEvent: `first ${from} ${to}`,
      lastEvent: `last ${from} ${to}`,
      days: new Map([[DAY, 0b11]]),
      ...given,
    }),
    sighting: (
      identifier: string,
      from: string,
      day = DAY,
      hours = 1,
    ): Pick<Sighting, 'identifier' | 'day' | 'from' | 'hours'> => ({
      identifier: key(identifier),
      day,
      from: key(from),
      hours,
    }),
    /** Members in one component and one profile, both by the first name. */
    people: (...names: readonly string[]): Records => {
      const [first = ''] = names
      const label = { component: key(first), profile: profileId(first) }
      return {
        nodes: names.map((name) => node(name, label)),
        profiles: [profile(first, { size: names.length })],
      }
    },
    witnesses: (...names: readonly string[]) => ({ nodes: names.map((name) => node(name)) }),
    question: (id: string, a: string, b: string, given: Partial<QuestionRecord> = {}) =>
      questionOf(id, key(a), key(b), given),
    verdict: (id: string, a: readonly string[], b: readonly string[], given: Given = {}) =>
      verdictOf(id, a.map(key), b.map(key), given),
    change: changeOf,
  }
}

function typeOf(name: string): string {
  return name.slice(0, name.indexOf(':'))
}

function valueOf(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function nodeOf(name: string, key: Key): NodeRecord {
  const type = typeOf(name)
  const witness = type === 'ip' || type === 'device_signature'
  return {
    key,
    type,
    namespace: '',
    value: valueOf(name),
    firstSeen: AT,
    lastSeen: AT,
    receivedAt: AT + 5,
    sites: ['shop'],
    profile: witness ? '' : profileId(name),
    component: witness ? '' : key,
    anchor: key,
    quarantined: false,
    clues: NO_CLUES,
    version: 0,
  }
}

function profileOf(name: string, founder: Key): ProfileRecord {
  return {
    id: profileId(name),
    founder,
    foundedAt: AT + 5,
    kind: 'anonymous',
    state: 'provisional',
    size: 1,
    weakest: 4_605_170,
    revision: 1,
    redirect: null,
    version: 0,
  }
}

function questionOf(id: string, a: Key, b: Key, given: Partial<QuestionRecord>): QuestionRecord {
  const reason = `is this "${id}"?`
  const said = { guard: 'margin', reason, evidence: 1_234_567 } as const
  return { id, a, b, ...said, scoredBy: null, worth: 42, ...given }
}

type Given = Partial<VerdictRecord>

function verdictOf(id: string, a: readonly Key[], b: readonly Key[], given: Given): VerdictRecord {
  const said = { order: 7, at: AT, author: 'ana', note: 'not the same' }
  return { id, question: null, verdict: 'different', a, b, ...said, ...given }
}

function changeOf(profile: string, revision: number, given: Partial<Change> = {}): Change {
  return {
    event: 'updated',
    profile: profileId(profile),
    revision,
    from: [],
    at: AT,
    reason: `change ${revision}`,
    ...given,
  }
}
