// A fact: what one message says about identifiers, extracted once on its entry to the log and kept beside it.
// Invariant: a fact is all that the graph ever learns of a message; F reads nothing else.

import type { EventType } from '../event/event.ts'
import type { Identifier } from '../identifier/identifier.ts'
import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import type { Clues } from './clue.ts'

/** Raised when extraction changes what it makes of a message; stands beside every fact in the log. */
export const EXTRACTION_VERSION = 2

export interface FactEdge {
  /** Index into `Fact.identifiers`. */
  readonly from: number
  readonly to: number
  readonly kind: StoredEdgeKind
}

export interface Fact {
  /** The message's own id, or one made from its content. Unique in the account. */
  readonly id: string
  readonly account: string
  readonly site: string
  readonly type: EventType
  /** Event name of a `track`, page or screen name; empty when there is none. */
  readonly name: string
  /** Event time, ms since the epoch, corrected by the sender's clock error. */
  readonly at: number
  /** Stamped once by the collector, ms since the epoch. */
  readonly receivedAt: number
  readonly identifiers: readonly Identifier[]
  readonly edges: readonly FactEdge[]
  /** What it tells of its own cookie, which is then the first of the identifiers; none where it has no cookie. */
  readonly clues: Clues
}
