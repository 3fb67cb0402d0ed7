// An account, opened: what all that is done with it is done by. Invariant: an account open to write has decided everything
// that its log holds before anybody asks it; of one that others decide, they have.

import type { Drift } from '../../core/evidence/learned/drift.ts'
import type { Extraction } from '../../core/index.ts'
import type { Resolver } from '../../flows/resolver.ts'
import type { ColumnarLog } from '../../ports/columnar-log.ts'
import type { EventLog, Position } from '../../ports/event-log.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { ActivePolicy } from './active-policy.ts'
import type { Activated, LearnedLast } from './active-rules.ts'
import type { FirstWords } from './first-words.ts'
import type { GraphPlace } from './graph-place.ts'
import type { AccountLayout } from './layout.ts'

export interface Account {
  readonly name: string
  readonly layout: AccountLayout
  /** What is decided by; another one after `activate`. */
  readonly active: ActivePolicy
  /** What was learned last, or why it is not gone by; and what new logins have said of it. */
  readonly learned: LearnedLast
  /** Told whenever new logins have stopped the model; at once if they have already. */
  whenStopped(listener: (drift: Drift) => void): void
  /**
   * Decides by other settings, and by what was learned, from now on, and again what came after a position of the log.
   * What was decided before stays until it is decided again. What of the settings decides nothing stays as it is here.
   */
  activate(run: Activated, since: Position): Promise<void>
  /** Whoever activated settings has decided everything by them, and all of that is stored. */
  settle(): Promise<void>
  readonly secret: string
  readonly extraction: Extraction
  readonly log: EventLog & ColumnarLog
  readonly store: IdentityStore
  /** Where that is. */
  readonly graphPlace: GraphPlace
  readonly resolver: Resolver
  /** Records that the log holds here and the stored graph does not. */
  unstored(): Promise<number>
  /** Of merges that take two stewards. */
  readonly firstWords: FirstWords
  /** Why the graph could not be written of late; null when it could. What was decided is not lost, the log has it. */
  flushFailure(): unknown
  /** Everything acknowledged is stored, every file closed. */
  close(): Promise<void>
}
