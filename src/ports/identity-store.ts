// The live graph of one account, shaped by its weakest store: one read for a neighbourhood, one atomic write.
// Invariant: the log position a commit carries is stored in the same transaction as its changes.

import type { Key } from '../core/identifier/identifier.ts'
import type {
  Change,
  ChangeEvent,
  EdgeRecord,
  NodeRecord,
  ProfileKind,
  ProfileRecord,
  ProfileState,
  QuestionRecord,
  Sighting,
  VerdictRecord,
} from '../core/profile/view/records.ts'
import type { Position } from './event-log.ts'

export interface CrowdRequest {
  readonly identifier: Key
  /** UTC days, both inclusive. */
  readonly fromDay: number
  readonly toDay: number
}

export interface LoadRequest {
  /**
   * Identifiers to look at. Of a member comes everything of its component: all nodes, all their outgoing edges, all
   * edges between members that end there, the node (without its edges) at the far end of each, verdicts, profiles.
   * Of a witness comes the node alone. Edges between two requested identifiers always come, also where the component
   * of one is `over`, so that such an edge can be updated. Of an identifier that
   * is not there come the verdicts that name it: it was erased, and may come again.
   */
  readonly nodes: readonly Key[]
  /**
   * Sightings of identifiers on days, by day and key of `from`; of a day with more than `sightingsPerDayMax` come the
   * first of these and one more (which makes the day void).
   */
  readonly crowds: readonly CrowdRequest[]
  /** Profiles by id, each as it is stored: one that redirects is not followed. For when ids are being given out. */
  readonly profiles: readonly string[]
}

export interface Neighbourhood {
  readonly nodes: readonly NodeRecord[]
  /** Of these nodes every edge is here: outgoing all, incoming between members. */
  readonly complete: readonly Key[]
  /** Of these components (by their key) there was too much to load: of each only the nodes asked for are here. */
  readonly over: readonly Key[]
  readonly edges: readonly EdgeRecord[]
  readonly sightings: readonly Sighting[]
  readonly profiles: readonly ProfileRecord[]
  readonly verdicts: readonly VerdictRecord[]
  readonly questions: readonly QuestionRecord[]
}

export interface LoadLimits {
  /** A component of more nodes is `over`. */
  readonly componentNodesMax: number
  /**
   * A component of whose nodes more edges start (all kinds) or end (between members) is `over`, too: an e-mail that
   * 100,000 cookies named. Edges inside the component count twice.
   */
  readonly componentEdgesMax: number
  readonly sightingsPerDayMax: number
}

/** How far a source of facts (`log`, or a partition's name) is applied. */
export interface Applied {
  readonly source: string
  /** What the store must have, or another writer was there; 0 for a source never seen. */
  readonly from: Position
  /** What it has with this commit. */
  readonly to: Position
}

/** A node that a decision rests on. */
export interface NodeVersion {
  readonly key: Key
  /** As `NodeRecord.version`; 0: it was not there. */
  readonly version: number
}

/**
 * Everything one or several micro-batches changed. Records replace what was stored under the same key; nodes and
 * profiles only if the stored version is the one they carry, and are stored with the next one. A record is in a commit
 * once at most, be it among `nodes`, `widened` or `read`; removals come first, and what was removed may come in anew. What a record names (the ends of an edge or
 * sighting, a node's anchor and profile, a redirect, the profile of a change, the sides of a question) is stored then or
 * in the same commit; to see to that is the caller's part.
 */
export interface Commit {
  /** Where its facts came from, each source once; none where it has no facts. */
  readonly applied: readonly Applied[]
  /**
   * Of the store as it was read; left out where nobody else writes. A store that has gone back is of another epoch, and
   * has versions again that stood for something else.
   */
  readonly epoch?: string
  readonly nodes: readonly NodeRecord[]
  /**
   * Nodes that are not replaced but widened, whatever version they have: stored are the earliest times of first seen and
   * received, the latest of last seen, the sites of both; all else stays as it is, and the version is the next one. One
   * that is not there is stored as it is given. For nodes that many writers see at once and nobody decides by.
   */
  readonly widened?: readonly NodeRecord[]
  /** Nodes that what is written rests on, and that are not written, be they removed: each must still have this version. */
  readonly read?: readonly NodeVersion[]
  readonly edges: readonly EdgeRecord[]
  /** Cells (identifier, day, from): replace. */
  readonly sightings: readonly Pick<Sighting, 'identifier' | 'day' | 'from' | 'hours'>[]
  readonly profiles: readonly ProfileRecord[]
  readonly verdicts: readonly VerdictRecord[]
  readonly verdictsRemoved: readonly string[]
  readonly questions: readonly QuestionRecord[]
  readonly questionsRemoved: readonly string[]
  readonly changes: readonly Change[]
  /**
   * Erased identifiers: the node, every edge and every sighting of it, on either end, and the questions with it as a side
   * go. A node that stays and had it for its anchor is its own from then on; a component may keep the name. Verdicts
   * stay as they were given.
   */
  readonly nodesRemoved: readonly Key[]
  /** Components whose decision waits, and those that no longer do. */
  readonly waiting: readonly Key[]
  readonly waitingRemoved: readonly Key[]
  /** What the feed tells beside what the store sees for itself. */
  readonly announced?: readonly Announced[]
}

export interface StoredChange extends Change {
  /** Cursor of the feed, ascending. */
  readonly sequence: number
}

/** What the store sees in a commit, by what was there before. */
export type ReviewEvent = 'review.opened' | 'review.closed' | 'review.decided' | 'review.undone'

export interface Announced {
  readonly event: 'run.finished'
  /** Number of the run. */
  readonly subject: string
  /** ms */
  readonly at: number
  readonly reason: string
}

export type FeedEvent = `profile.${ChangeEvent}` | ReviewEvent | Announced['event']

/** One row of the feed: what happened, in the order of the commits. */
export interface FeedRow {
  readonly sequence: number
  readonly event: FeedEvent
  /** Id of the profile, id of the review (of a verdict that nobody asked for its own), number of the run. */
  readonly subject: string
  /** Of a profile; 0 for others. */
  readonly revision: number
  readonly from: readonly string[]
  /** ms: of a profile as its change says, of a decision when it was given, else when it was committed. */
  readonly at: number
  /** Of a question its guard, of a verdict what it is and who gave it. Nothing that an erasure would have to take out. */
  readonly reason: string
}

/** Where a page of questions ended. */
export type QuestionPlace = Pick<QuestionRecord, 'worth' | 'id'>

export interface StoreCounts {
  readonly identifiers: number
  readonly edges: number
  /** Those that have members; ids that only redirect are left out. */
  readonly profiles: number
  readonly questions: number
  readonly waiting: number
}

/** One UTC day of a census. */
export interface CensusDay {
  readonly day: number
  /** Cookies first seen on it. */
  readonly cookies: number
  /** Profiles, those of shared identifiers left out, whose earliest member was first seen on it. */
  readonly people: number
}

/** What is stored, counted by looking at all of it. Ids that only redirect are left out, and so is what is zero. */
export interface Census {
  /** By type. */
  readonly identifiers: readonly { readonly type: string; readonly count: number }[]
  /** By kind, then state. */
  readonly profiles: readonly {
    readonly kind: ProfileKind
    readonly state: ProfileState
    readonly count: number
  }[]
  /** Ascending; by event time, so that history that is loaded late stands where it belongs. */
  readonly days: readonly CensusDay[]
  /** By type, identifiers that crowds were seen with on the latest day that anybody was seen on. */
  readonly crowded: readonly { readonly type: string; readonly count: number }[]
}

/** An identifier that holds many together, or that was made to hold nobody. */
export interface Promiscuous {
  readonly node: NodeRecord
  /** The most that were seen with it on one UTC day: people (anchors of cookies) of a witness, cookies of a member. */
  readonly promiscuity: number
  /** Members tied to it: of a member by edges, of a witness by sightings. */
  readonly around: number
}

/** Where a page of promiscuous identifiers ended. */
export interface PromiscuousPlace {
  readonly promiscuity: number
  readonly key: Key
}

/** Who belongs to whom at one moment, all of it, as columns. */
export interface Membership {
  /** Up to where the log was applied. */
  readonly position: Position
  /** Members by number: the first 64 bits of the key as a signed whole number, in the order of keys. */
  readonly members: BigInt64Array
  /** Of each member: the index of its profile in the columns below. */
  readonly profileOf: Int32Array
  readonly ids: readonly string[]
  /** 1 for a profile that is confirmed. */
  readonly confirmed: Uint8Array
  readonly revisions: Int32Array
  /** Evidence of the weakest link; says nothing where there is one member. */
  readonly weakest: Int32Array
}

export interface IdentityStore {
  load(request: LoadRequest, limits: LoadLimits): Promise<Neighbourhood>
  /**
   * Atomic. When a node or profile has another version than the one it carries, a source is applied up to elsewhere than
   * `from` (another writer was there), or the store is of another epoch, nothing is written and the answer is `conflict`: load and decide again.
   */
  commit(changes: Commit): Promise<'committed' | 'conflict'>
  /** Position of the source that the stored graph has applied; 0 for one never seen. */
  position(source: string): Promise<Position>
  /** A profile by id, redirects followed to their end, and its nodes by key; null when the id was never given out. */
  profile(
    id: string,
  ): Promise<{ readonly profile: ProfileRecord; readonly members: readonly NodeRecord[] } | null>
  /** Changes of this very id (redirects are not followed), ascending; at most `limit`, the latest. */
  changesOf(profile: string, limit: number): Promise<readonly StoredChange[]>
  /** Changes of all profiles with a sequence above `after`, ascending; at most `limit`, the earliest. */
  changes(after: number, limit: number): Promise<readonly StoredChange[]>
  /**
   * Everything that happened, ascending: changes of profiles in one sequence with what became of questions and verdicts,
   * and with what was announced. A commit gives, in this order: its changes; `review.closed` for a question that was
   * there and is not any more, unless it is decided in this commit (by id); `review.opened` for one that is there and
   * was not; `review.undone` for a verdict that is gone; `review.decided` for one that stands and did not; what it
   * announces. What is removed and put again, or put while it is there, gives no row.
   */
  feed(after: number, limit: number): Promise<readonly FeedRow[]>
  /** Sequence of the latest row of the feed; 0 for none. */
  feedEnd(): Promise<number>
  /**
   * A short word, letters and digits, that is this feed's alone: a store that is made anew has another, and so has one
   * that may have lost its latest commits. Sequences of different epochs say nothing of each other.
   */
  epoch(): Promise<string>
  /** Open questions, those of the highest worth first, of equal ones the smallest id; in pages, `after` null for the first. */
  questions(after: QuestionPlace | null, limit: number): Promise<readonly QuestionRecord[]>
  /** An open question; null for one that was never asked or is answered. */
  question(id: string): Promise<QuestionRecord | null>
  /** Verdicts that stand, the latest first, in pages: those given before the one with this `order`; null for the first. */
  verdicts(before: number | null, limit: number): Promise<readonly VerdictRecord[]>
  /** The latest verdict that stands on a question, by the question's id or its own; null where none does. */
  verdictOn(id: string): Promise<VerdictRecord | null>
  /** Components that wait, in key order. */
  waiting(limit: number): Promise<readonly Key[]>
  counts(): Promise<StoreCounts>
  /**
   * `crowdFrom`: type -> how many distinct people (anchors of cookies) on one UTC day make a crowd; types that are not
   * in it have none. For people, now and then: it looks at all nodes, but keeps nobody waiting who loads or commits.
   */
  census(crowdFrom: ReadonlyMap<string, number>): Promise<Census>
  /**
   * Identifiers that a crowd was seen with on any day (`crowdFrom` as for a census, 1 or more), that are in quarantine, or
   * whose profile is shared: the most promiscuous first, of equal ones the smallest key; in pages, `after` null for the
   * first. For people, now and then: it looks at all sightings, but keeps nobody waiting who loads or commits.
   */
  promiscuous(
    crowdFrom: ReadonlyMap<string, number>,
    after: PromiscuousPlace | null,
    limit: number,
  ): Promise<readonly Promiscuous[]>
  /** For a batch run: it looks at all nodes and profiles, and keeps its caller's thread busy meanwhile. */
  membership(): Promise<Membership>
  /** Every node in key order, in pages: for `verify` and `evaluate`. `after` is "" for the first page. */
  scanNodes(after: Key, limit: number): Promise<readonly NodeRecord[]>
  close(): Promise<void>
}
