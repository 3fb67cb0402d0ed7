// What a store keeps of the graph, as the resolver reads and writes it: nodes, edges, crowds, profiles, questions.
// Invariant: everything here can be rebuilt from the log alone.

import type { Clues } from '../../edge/clue.ts'
import type { StoredEdgeKind } from '../../policy/edge-kind.ts'
import type { Key } from '../../identifier/identifier.ts'

/** UTC day -> 24-bit mask of the hours in which something was seen. Day 0 is 1970-01-01. */
export type DayHours = ReadonlyMap<number, number>

export interface NodeRecord {
  readonly key: Key
  readonly type: string
  readonly namespace: string
  readonly value: string
  /** Event times, ms. */
  readonly firstSeen: number
  readonly lastSeen: number
  /** Earliest `receivedAt` of a message that named it, ms: what founds a profile. */
  readonly receivedAt: number
  readonly sites: readonly string[]
  /** Members: the profile it belongs to. Witnesses: empty. */
  readonly profile: string
  /** Key of the component it was last decided in; its own key when it stands alone. Members only. */
  readonly component: Key
  /** Cookies: key of its strongest login, else its own key. */
  readonly anchor: Key
  /** Set by a steward: the identifier joins nobody until it is released. */
  readonly quarantined: boolean
  /** Cookies: what its messages told that names nobody. */
  readonly clues: Clues
  /** What the store had when it was read; 0 = never stored. A commit that writes over another version conflicts. */
  readonly version: number
}

export interface EdgeRecord {
  readonly from: Key
  readonly to: Key
  readonly kind: StoredEdgeKind
  /** Event times, ms. */
  readonly firstSeen: number
  readonly lastSeen: number
  /** Messages that made it. For people to read; nothing is decided by it. */
  readonly count: number
  readonly sites: readonly string[]
  readonly firstEvent: string
  readonly lastEvent: string
  readonly days: DayHours
}

/** Who was seen with an identifier on one UTC day. Keyed by the other end of the edge. */
export interface Sighting {
  readonly identifier: Key
  readonly day: number
  readonly from: Key
  readonly hours: number
  /** The anchor of `from`, as its node says. */
  readonly anchor: Key
  /** Type of `from`, since only cookies count as a crowd. */
  readonly fromType: string
}

export type ProfileKind = 'anonymous' | 'person' | 'shared'
export type ProfileState = 'provisional' | 'confirmed' | 'awaiting_batch'

export interface ProfileRecord {
  readonly id: string
  /** The member that was received first, and when: decides which id survives a merge. */
  readonly founder: Key
  readonly foundedAt: number
  readonly kind: ProfileKind
  readonly state: ProfileState
  /** Number of members. 0 for an id that only redirects. */
  readonly size: number
  /** Evidence of the weakest link that holds it together; for a lone member the cap. */
  readonly weakest: number
  /** Counts the profile's changes, from 1. */
  readonly revision: number
  /** For an id that gave way: the profile that answers now. */
  readonly redirect: string | null
  /** As `NodeRecord.version`. */
  readonly version: number
}

export type Guard =
  | 'cannot_link'
  | 'unique_namespace'
  | 'type_cap'
  | 'two_logins'
  | 'oversize'
  | 'margin'
  | 'threshold'

/** A doubt for the steward. Its id follows from the two sides, so the same doubt is the same question. */
export interface QuestionRecord {
  readonly id: string
  /** Founders of the two groups, ascending. */
  readonly a: Key
  readonly b: Key
  readonly guard: Guard
  /** Plain words with the numbers, for people. */
  readonly reason: string
  readonly evidence: number
  /** The version of the knowledge whose model the evidence is of; null for fixed rules. */
  readonly scoredBy: string | null
  /** See `worthOf`; what is worth most is asked first. */
  readonly worth: number
}

export type ChangeEvent = 'created' | 'merged' | 'split' | 'updated' | 'confirmed'

/** One line of lineage: what happened to a profile and why. */
export interface Change {
  readonly event: ChangeEvent
  readonly profile: string
  readonly revision: number
  /** Ids that gave way (merged), or the profile it came from (split). */
  readonly from: readonly string[]
  /** Event time of the fact or decision that caused it, ms. */
  readonly at: number
  readonly reason: string
}

export type Verdict = 'same' | 'different'

/** A steward's verdict on two sets of members, as they were shown. Later `order` wins over earlier. */
export interface VerdictRecord {
  readonly id: string
  /** What was asked, as it was shown; null for a verdict that nobody asked for. */
  readonly question: QuestionRecord | null
  readonly verdict: Verdict
  readonly a: readonly Key[]
  readonly b: readonly Key[]
  /** Log position. */
  readonly order: number
  readonly at: number
  readonly author: string
  readonly note: string
}
