// Cookies as a learned model compares them, made of what is in the view as they are asked for, and kept as long as that
// does not change: a decision that loads more is begun again, and who is seen today was seen an hour ago.
// Invariant: what is kept of a cookie is what would be made of it now.

import { Lives } from '../../evidence/learned/lives.ts'
import type { PairSignals } from '../../evidence/pair.ts'
import type { Key } from '../../identifier/identifier.ts'

/** Of so many lives, most of them outdated, none is kept. */
const LIVES_MAX = 100_000
const OUTDATED_RATIO_MAX = 4

export class Compared {
  lives = new Lives()
  /** Cookie -> its number among the lives. */
  readonly numbers = new Map<Key, number>()
  /** Witness -> its row; of those in no row a negative number of their own. */
  readonly rows = new Map<Key, number>()
  /** Scores by the numbers of both, which are others once one of them has changed. */
  readonly scores = new Map<number, number>()
  /** Cookie -> whom it would be joined with, as found since the last fact or decree: loading more changes none of it. */
  readonly pairs = new Map<Key, ReadonlyMap<Key, PairSignals>>()

  /** Something about the cookie has changed. */
  forget(cookie: Key): void {
    this.numbers.delete(cookie)
    this.pairs.clear()
  }

  /** Something about a witness has changed, and so about everyone seen with it. */
  clear(): void {
    this.lives = new Lives()
    this.numbers.clear()
    this.scores.clear()
    this.pairs.clear()
  }

  /** To be called when nothing refers to a number. */
  makeRoom(): void {
    const { count } = this.lives
    if (count > LIVES_MAX || count > OUTDATED_RATIO_MAX * (this.numbers.size + 1_000)) this.clear()
  }
}
