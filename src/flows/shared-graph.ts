// A graph that several write, and the rules that all of them decide by. Invariant: a commit is made by the rules it was
// decided by, or conflicts.

import type { Policy } from '../core/policy/policy.ts'
import type { Position } from '../ports/event-log.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { StoreError } from '../ports/store-error.ts'
import { emptyGraph, type Graph } from './load-graph.ts'
import type { ResolverLimits } from './resolver-limits.ts'
import { type Committing, POLICY_SOURCE, sharedCommit } from './shared-commit.ts'

/** What is decided by, and where the store is with it: its position of the source `policy`, and its epoch. */
export interface Rules {
  readonly policy: Policy
  readonly position: Position
  /** Of the store when it was asked. */
  readonly epoch: string
}

/** What has become of commits, for whoever watches. */
export interface Contention {
  readonly commits: number
  /** Commits that found something changed, and were decided again. */
  readonly conflicts: number
}

export interface SharedGraphParts {
  readonly store: IdentityStore
  /** As they are now, for all who write this graph. */
  readonly rules: () => Promise<Rules>
  readonly limits: ResolverLimits
}

/** A decision that fails as often one after the other, each time on what was just read, is a bug. */
const TORN_MAX = 10

export class SharedGraph {
  #torn = 0
  readonly #parts: SharedGraphParts
  readonly #contention = { commits: 0, conflicts: 0 }
  #rules: Rules

  constructor(parts: SharedGraphParts, rules: Rules) {
    this.#parts = parts
    this.#rules = rules
  }

  get rules(): Rules {
    return this.#rules
  }

  get contention(): Contention {
    return this.#contention
  }

  /** Of which nothing is loaded yet. */
  nothing(): Graph {
    return emptyGraph(this.#parts.store, this.#rules.policy, this.#parts.limits)
  }

  /**
   * Decides; null where that cannot be done on what was read. It was read piece by piece, and others write meanwhile or
   * the store has gone back: then the pieces do not fit together. To be done again on a graph that is read anew.
   */
  async decide<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      const decided = await work()
      this.#torn = 0
      return decided
    } catch (cause) {
      this.#torn++
      if (cause instanceof StoreError || this.#torn > TORN_MAX) throw cause
      return null
    }
  }

  /** What a graph's view holds unstored. The graph must have been made since the rules changed last. */
  async commit(what: Omit<Committing, 'policy' | 'rules'>): Promise<'committed' | 'conflict'> {
    const { policy, position, epoch } = this.#rules
    const commit = sharedCommit({ ...what, policy, rules: position })
    const answer = await this.#parts.store.commit({ ...commit, epoch })
    this.#contention.commits++
    if (answer === 'conflict') this.#contention.conflicts++
    return answer
  }

  /** A commit by other rules than the store is at, or of another epoch, conflicts: these are then read anew. */
  async meetRules(): Promise<void> {
    const { store, rules } = this.#parts
    const { position, epoch } = this.#rules
    const isSame = (await store.position(POLICY_SOURCE)) === position
    if (!isSame || (await store.epoch()) !== epoch) this.#rules = await rules()
  }

  /** From now on all who write decide by this policy. False: somebody has just said so of another one. */
  async goBy(policy: Policy): Promise<boolean> {
    const { position, epoch } = await this.#parts.rules()
    const { view } = this.nothing()
    const commit = sharedCommit({ view, policy, deliveries: [], erased: [], rules: position })
    const applied = [{ source: POLICY_SOURCE, from: position, to: position + 1 }]
    const answer = await this.#parts.store.commit({ ...commit, applied, epoch })
    if (answer === 'conflict') return false
    this.#rules = { policy, position: position + 1, epoch }
    return true
  }
}
