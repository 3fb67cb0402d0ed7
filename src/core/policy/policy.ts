// The settings every decision is made under, compiled once from the configuration file.
// Invariant: all numbers that decide are integers, so that every engine computes the same answer.

import type { Knowledge } from './knowledge.ts'

/** Whether an identifier belongs to a profile (member) or only testifies about members (witness). */
type Role = 'member' | 'witness'

export interface IdentifierTypeRule {
  readonly role: Role
  /** Role `member` only: how strongly the type names its person; decides whose an event is. Higher wins. */
  readonly rank: number
  /** At most this many values of the type in one profile; 0 = no cap. */
  readonly perProfileMax: number
  /** A sighting gap after which the identifier is taken to have changed hands, in days; 0 = never. */
  readonly reassignedAfterDays: number
  /** The most an edge of the identifier is worth on another site than the one where it was first seen, as evidence. */
  readonly crossSiteEvidence: number
  /** Anchors (witness) or cookies (member) a UTC day from which the day warns, damps, and is void. */
  readonly crowdWarn: number
  readonly crowdFull: number
  readonly crowdVoid: number
}

export interface NamespaceRule {
  /** A profile holds at most one value of a unique namespace. */
  readonly unique: boolean
}

/** One signal between two cookies that stage B weighs. */
export interface SignalRule {
  /** Evidence of the signal at its best, as `evidenceOf(confidence)`. */
  readonly evidence: number
  /** Across two sites: replaces `evidence`. */
  readonly crossSiteEvidence: number
  /** Half-life of the gap it bridges, in hours. */
  readonly halfLifeHours: number
  /** Sightings further apart than this are no candidates, in days. */
  readonly windowDays: number
}

export interface Policy {
  /** Hex SHA-256 of the settings, first 16 characters; stands in every reason. */
  readonly version: string
  readonly account: string
  /** Base evidence of each deterministic edge kind: `evidenceOf(confidence)`. */
  readonly edgeEvidence: Readonly<Record<string, number>>
  /** Evidence from which an edge takes part in stage A and a pair joins in stage B. */
  readonly mergeEvidence: number
  /** Evidence from which a pair that does not join is a question to the steward. */
  readonly questionEvidence: number
  /** How far, in millionths of probability, the best candidate must lead the next one. */
  readonly marginPpm: number
  readonly types: ReadonlyMap<string, IdentifierTypeRule>
  /** Asked by an identifier's namespace as it stands: what follows `@` is a site and does not count. */
  readonly namespaces: ReadonlyMap<string, NamespaceRule>
  readonly signals: {
    readonly ip: SignalRule
    readonly signature: SignalRule
    readonly ipAndSignatureCrossSite: number
  }
  /** A candidate pair shares a witness on a day with at most this many anchors. */
  readonly candidateAnchorsMax: number
  readonly candidatesPerGroupMax: number
  readonly stageBRounds: number
  /** Past this a profile is oversize: the union is refused and goes to the steward. */
  readonly profileIdentifiersMax: number
  /** Past this many identifiers to look at, the decision waits (`awaiting_batch`). */
  readonly neighbourhoodIdentifiersMax: number
  /** A cookie that named this many different people is shared whatever else is known of it. */
  readonly namedPerCookieMax: number
  /** Past this many values of one unique namespace named with it, a contact is shared. */
  readonly idsPerContactMax: number
  readonly sessionGapMinutes: number
  /** Sightings at an address further apart bring up no pair for a learned model, in days. */
  readonly addressDays: number
  /** What a look at everything has taught; null where nothing has, and the fixed rules hold. */
  readonly knowledge: Knowledge | null
}
