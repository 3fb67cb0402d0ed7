// A decision: which members shall be one profile, what holds them together, and what was refused.

import type { Key } from '../identifier/identifier.ts'
import type { MintId } from './profile-id.ts'
import type { Join } from './alike/around.ts'
import type { Group, Refusal } from './stage-a.ts'
import type { ViewNode } from './view/view.ts'

export interface Ids {
  readonly mint: MintId
  /** Id of the question between two groups, by their founders in ascending order. */
  readonly question: (a: Key, b: Key) => string
}

/** A profile as decided: its members and what holds them together. */
export interface DecidedProfile {
  readonly nodes: readonly ViewNode[]
  readonly groups: readonly Group[]
  /** Evidence of the weakest link; null when nothing had to hold. */
  readonly weakest: number | null
  /** How stage B made one of the groups; empty where it did not. */
  readonly joins: readonly Join[]
}

export interface Decision {
  readonly profiles: readonly DecidedProfile[]
  readonly refusals: readonly Refusal[]
}
