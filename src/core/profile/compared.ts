// Cookies as a learned model compares them, made of what is in the view as they are asked for.
// Invariant: holds for one pass only; the view may change between two.

import { Lives } from '../evidence/lives.ts'
import type { Key } from '../identifier/identifier.ts'

export interface Compared {
  readonly lives: Lives
  /** Cookie -> its number among the lives. */
  readonly numbers: Map<Key, number>
  /** Witness -> its row; of signatures in no row a negative number of their own. */
  readonly rows: Map<Key, number>
  /** Cookie -> whom it is to be joined with, and the evidence, where a run has weighed all pairs; null: weigh them. */
  readonly weighed: ReadonlyMap<Key, ReadonlyMap<Key, number>> | null
}

export function nobodyCompared(): Compared {
  return { lives: new Lives(), numbers: new Map(), rows: new Map(), weighed: null }
}
