// What the thread of a batch run and the process it belongs to say to each other.

import type { Key, Settings } from '../../core/index.ts'
import type { LearnedFromLog } from '../../batch/learning/learn-from-log.ts'
import type { Training } from '../../batch/learning/learn.ts'
import type { AlikePair } from '../../core/profile/ask.ts'
import type { Confirmed } from '../../core/profile/view/confirm.ts'
import type { QuestionRecord } from '../../core/profile/view/records.ts'
import type { RunOutcome } from '../../flows/run-batch.ts'
import type { RunRow } from '../../flows/tell-history.ts'
import type { LogColumns } from '../../ports/columnar-log.ts'
import type { Position } from '../../ports/event-log.ts'
import type { Membership, QuestionPlace, StoredChange } from '../../ports/identity-store.ts'
import type { GraphPlace } from '../account/graph-place.ts'

/** What a run may use. */
export interface RunLimits {
  readonly memoryMegabytesMax: number
  readonly threads: number
}

/** Given to the thread at its start. */
export interface RunTask extends RunLimits {
  readonly settings: Settings
  readonly secret: string
  readonly upTo: Position
  /** The score that the model in use joins from; null where there is none. */
  readonly inUse: number | null
  /** ms */
  readonly startedAt: number
  readonly pastRuns: readonly RunRow[]
  readonly dryRun: boolean
  /** Only learns: decides nobody again, publishes nothing. */
  readonly onlyLearns: boolean
  /** Null: no live graph is looked at. */
  readonly graph: GraphPlace | null
  readonly warehouseDirectory: string
  readonly spillDirectory: string
}

/** What the thread has done by the process, which alone may write to the live graph and the log. */
export interface Asks {
  membership: { args: null; answer: Membership }
  changes: { args: readonly [after: number, limit: number]; answer: readonly StoredChange[] }
  questions: {
    args: readonly [after: QuestionPlace | null, limit: number]
    answer: readonly QuestionRecord[]
  }
  columns: { args: readonly Position[]; answer: readonly LogColumns[] }
  decideAgain: { args: readonly Key[]; answer: null }
  confirm: { args: readonly Confirmed[]; answer: number }
  decideWaiting: { args: null; answer: number }
  activate: { args: LearnedFromLog | null; answer: null }
  settle: { args: null; answer: null }
  ask: { args: readonly AlikePair[]; answer: readonly string[] }
  takeBack: { args: readonly QuestionRecord[]; answer: null }
  flush: { args: null; answer: null }
  note: { args: RunRow; answer: null }
}

export type AskName = keyof Asks

export type FromThread =
  | { readonly say: 'ask'; readonly id: number; readonly what: AskName; readonly args: unknown }
  | { readonly say: 'told'; readonly stage: string; readonly rows: number | null }
  | { readonly say: 'done'; readonly done: Done }
  | { readonly say: 'failed'; readonly failure: Failure }

export type ToThread =
  | { readonly say: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly say: 'refusal'; readonly id: number; readonly message: string }
  | { readonly say: 'abort' }

/** Of a thread that only learned there is no outcome. */
export interface Done {
  readonly outcome: RunOutcome | null
  /** What was learned, or why not; null where nothing was to be. */
  readonly training: Training | null
}

/** Why a run failed; of a stage that failed, its name and text. */
export interface Failure {
  readonly message: string
  readonly stage: string | null
  readonly sql: string | null
}
