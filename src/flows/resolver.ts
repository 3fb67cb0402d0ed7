// Whoever decides a live graph, as the rest asks it: the only writer of its graph, or one of several.
// Invariant: what one of these verbs has changed is decided as if nothing else had happened meanwhile.

import type { Drift } from '../core/evidence/learned/drift.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { AlikePair } from '../core/profile/ask.ts'
import type { Ids } from '../core/profile/decision.ts'
import type { Needs } from '../core/profile/settle.ts'
import { confirm, type Confirmed, type ConfirmingRun } from '../core/profile/view/confirm.ts'
import type { QuestionRecord } from '../core/profile/view/records.ts'
import type { View } from '../core/profile/view/view.ts'
import type { Position } from '../ports/event-log.ts'
import type { ResolvableRecord } from './apply-records.ts'
import { askOn, doubt, settleOn, takeBackOn } from './decide.ts'
import { type Graph, load } from './load-graph.ts'

export abstract class Resolver {
  protected readonly ids: Ids

  constructor(ids: Ids) {
    this.ids = ids
  }

  /** What logins have said of the model that is decided by; null where it is not counted. */
  abstract get drift(): Drift | null

  /** Position up to which every record is decided, stored or not. */
  abstract get applied(): Position

  /** Everything in the log up to its end is applied. Call once before anything else. */
  abstract catchUp(): Promise<void>

  /** When this resolves every look-up goes by these records, which are durable in the log. */
  abstract apply(records: readonly ResolvableRecord[]): Promise<void>

  /** Starts storing what was decided since the last commit, without waiting for it; to be called every so often. */
  abstract storeBehind(): Promise<void>

  /** Stores what was decided since the last commit. On a StoreError nothing is lost: the log has it. */
  abstract flush(): Promise<void>

  /**
   * Decides components that were too large to decide at once, without a limit, and lets others in between as often as it
   * can. Returns how many there were.
   */
  abstract decideWaiting(componentsMax: number): Promise<number>

  /**
   * Decides by another policy from now on; by it also, once more, what records after `since` touched. What was decided
   * before stays until it is decided again.
   */
  abstract decideBy(policy: Policy, since: Position): Promise<void>

  /**
   * Runs a reader while nothing changes, with the identifiers and all around them loaded. The reader may ask for more
   * before it answers; it must not change the view. That what is in memory could not be stored is told to who decides next.
   */
  abstract look<T>(
    keys: readonly Key[],
    read: (view: View, policy: Policy) => T | { readonly needs: Needs },
  ): Promise<T>

  /** Does what changes the graph while nothing else does; it may be done again from the start, on a graph loaded anew. */
  protected abstract changing<T>(work: (graph: Graph) => Promise<T>): Promise<T>

  /** Decides members anew, with all they were decided with; for whoever has reason to doubt what was decided. */
  async decideAgain(members: readonly Key[]): Promise<void> {
    await this.changing(async (graph) => settleOn(graph, await doubt(graph, members), this.ids))
  }

  /** Confirms profiles that a run came to the same answer about; how many had not changed since it looked. */
  async confirm(profiles: readonly Confirmed[], run: ConfirmingRun): Promise<number> {
    return this.changing(async (graph) => {
      const ids = profiles.map(({ profile }) => profile)
      await load(graph, { nodes: [], crowds: [], profiles: ids })
      return confirm(graph.view, profiles, run)
    })
  }

  /** Asks whether groups that are alike are one person; ids of the questions that stand for the pairs. */
  async ask(pairs: readonly AlikePair[]): Promise<readonly string[]> {
    return this.changing((graph) => askOn(graph, pairs, this.ids))
  }

  /** Takes questions back that no run asks any more. */
  async takeBack(questions: readonly QuestionRecord[]): Promise<void> {
    await this.changing((graph) => takeBackOn(graph, questions))
  }
}
