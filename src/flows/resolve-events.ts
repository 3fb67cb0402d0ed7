// Records of the log into a graph that nobody else writes: load what they touch, decide on the view in memory, commit behind.
// Invariant: a commit carries the log position it has applied, so a crash at any instant replays to the same state.

import { type Drift, driftUnder } from '../core/evidence/learned/drift.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Ids } from '../core/profile/decision.ts'
import type { Needs } from '../core/profile/settle.ts'
import { hasUnstored, takeUnstored } from '../core/profile/view/unstored.ts'
import { View } from '../core/profile/view/view.ts'
import type { EventLog, Position } from '../ports/event-log.ts'
import type { Commit, IdentityStore } from '../ports/identity-store.ts'
import { StoreError } from '../ports/store-error.ts'
import { decideLarge, doubtRecords, readOn, settleOn } from './decide.ts'
import { applyDecreeTo, applyFactsTo, type ResolvableRecord, type Taken } from './apply-records.ts'
import { emptyGraph, type Graph } from './load-graph.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { Resolver } from './resolver.ts'
import { RESOLVER_LIMITS, type ResolverLimits } from './resolver-limits.ts'

export interface ResolverParts {
  readonly log: EventLog
  readonly store: IdentityStore
  readonly policy: Policy
  readonly ids: Ids
  readonly limits?: Partial<ResolverLimits>
  /** What logins have said of the model so far, where that is counted; one that they contradict joins nobody else. */
  readonly drift?: Drift
}

const SOURCE = 'log'
const CONFLICT = 'another process has written to the graph; it will be read again'

/** The only writer of its graph: what is decided is answered from memory and stored behind. */
export class SoleResolver extends Resolver {
  readonly #log: EventLog
  readonly #store: IdentityStore
  readonly #limits: ResolverLimits
  readonly #exclusively = oneAtATime()
  #graph: Graph
  #drift: Drift | null
  /** Position up to which the view holds everything, and up to which the store does. */
  #applied: Position = 0
  #stored: Position = 0
  #trusted = false
  #onItsWay: Promise<void> | null = null

  constructor({ log, store, policy, ids, limits: changed, drift }: ResolverParts) {
    super(ids)
    this.#log = log
    this.#store = store
    this.#limits = { ...RESOLVER_LIMITS, ...changed }
    this.#graph = emptyGraph(store, policy, this.#limits)
    this.#drift = drift ?? null
  }

  /** Everything in the log up to its end is applied, and on its way into the store. Call once before anything else. */
  async catchUp(): Promise<void> {
    await this.#exclusively(async () => {
      await this.#recover(this.#log.end())
      await this.#commitBehind()
    })
  }

  /**
   * Applies records that are durable in the log, in order; those already applied are passed over. Records before them
   * that another caller has still in hand are read from the log, so none is ever skipped.
   */
  async apply(records: readonly ResolvableRecord[]): Promise<void> {
    await this.#exclusively(async () => {
      const [first, last] = [records[0], records.at(-1)]
      if (first === undefined || last === undefined) return
      if (!this.#trusted) await this.#recover(last.position)
      else if (first.position > this.#applied + 1) await this.#follow(last.position)
      else await this.#take(records)
      await this.#makeRoom()
    })
  }

  /** Starts storing what was decided since the last commit, without waiting for it; to be called every so often. */
  async storeBehind(): Promise<void> {
    await this.#undisturbed(() => this.#commitBehind())
  }

  /** Stores what was decided since the last commit. On a StoreError nothing is lost: the log has it. */
  async flush(): Promise<void> {
    // An earlier commit that failed on its way, for want of room say, is read again and tried once more.
    await this.#exclusively(() => this.#landed().catch(() => undefined))
    await this.#undisturbed(() => this.#commit())
  }

  /**
   * Decides components that were too large to decide at once, without a limit, and lets others in between as often as it
   * can. Returns how many there were.
   */
  async decideWaiting(componentsMax: number): Promise<number> {
    const waiting = await this.#undisturbed(async () => {
      await this.#commit()
      return this.#store.waiting(componentsMax)
    })
    for (let at = 0; at < waiting.length;)
      at += await this.#undisturbed(() => this.#decideSome(waiting.slice(at)))
    return waiting.length
  }

  /** How many of them it has decided: the first, and those that fit into one view with it. */
  async #decideSome(waiting: readonly Key[]): Promise<number> {
    await this.#commit()
    const { components, view } = await decideLarge(this.#graph, waiting, this.ids)
    if (
      (await this.#store.commit({ ...this.#applying(this.#stored), ...takeUnstored(view) })) ===
      'conflict'
    ) {
      this.#trusted = false
      throw new StoreError('locked', CONFLICT, { retryable: true })
    }
    this.#startOver()
    return components
  }

  /**
   * Decides by another policy from now on; by it also, once more, what records after `since` touched. What was decided
   * before stays until it is decided again.
   */
  async decideBy(policy: Policy, since: Position): Promise<void> {
    const end = await this.#undisturbed(async () => {
      await this.#commit()
      this.#graph = emptyGraph(this.#store, policy, this.#limits)
      if (this.#drift !== null) this.#drift = driftUnder(policy.knowledge, this.#drift)
      return this.#applied
    })
    for (let next = since + 1; next <= end;) {
      const records = await this.#log.read(next, this.#limits.catchUpRecordsMax)
      if (records.length === 0) return
      next += records.length
      await this.changing(async (graph) =>
        settleOn(graph, await doubtRecords(graph, records), this.ids),
      )
    }
  }

  /** Does it while nothing else changes the view, on one that can be trusted. */
  async #undisturbed<T>(work: () => Promise<T>): Promise<T> {
    return this.#exclusively(async () => {
      if (!this.#trusted) await this.#recover(this.#log.end())
      return work()
    })
  }

  /** The same for what changes it. */
  protected async changing<T>(work: (graph: Graph) => Promise<T>): Promise<T> {
    return this.#undisturbed(async () => {
      const answer = await work(this.#graph)
      await this.#makeRoom()
      return answer
    })
  }

  #startOver(): void {
    this.#graph = { ...this.#graph, view: new View() }
  }

  /** What logins have said of the model that is decided by; null where it is not counted. */
  get drift(): Drift | null {
    return this.#drift
  }

  /** Position up to which every record is decided, stored or not. */
  get applied(): Position {
    return this.#applied
  }

  /**
   * Runs a reader while nothing changes, with the identifiers and all around them loaded. The reader may ask for more
   * before it answers; it must not change the view. That what is in memory could not be stored is told to who decides next.
   */
  async look<T>(
    keys: readonly Key[],
    read: (view: View, policy: Policy) => T | { readonly needs: Needs },
  ): Promise<T> {
    return this.#undisturbed(async () => {
      const answer = await readOn(this.#graph, keys, read)
      await this.#makeRoom().catch(() => undefined)
      return answer
    })
  }

  async #recover(upTo: Position): Promise<void> {
    await this.#landed().catch(() => undefined)
    this.#startOver()
    this.#stored = await this.#store.position(SOURCE)
    this.#applied = this.#stored
    this.#trusted = true
    await this.#follow(upTo)
  }

  /** Applies what the log has up to a position. */
  async #follow(upTo: Position): Promise<void> {
    while (this.#applied < upTo) {
      const records = await this.#log.read(this.#applied + 1, this.#limits.catchUpRecordsMax)
      if (records.length === 0) break
      await this.#take(records)
      await this.#makeRoom()
    }
  }

  async #take(records: readonly ResolvableRecord[]): Promise<void> {
    let taken: Taken[] = []
    for (const record of records) {
      if (record.position <= this.#applied) continue
      if (record.kind === 'message') taken.push({ fact: record.fact, position: record.position })
      else {
        await this.#decideFacts(taken)
        taken = []
        const { id, at, author, decision, position: order } = record
        await applyDecreeTo(this.#graph, { id, at, author, order, decree: decision }, this.ids)
      }
      this.#applied = record.position
    }
    await this.#decideFacts(taken)
  }

  async #decideFacts(taken: readonly Taken[]): Promise<void> {
    if (taken.length === 0) return
    ;({ graph: this.#graph, drift: this.#drift } = await applyFactsTo(this.#graph, taken, {
      ids: this.ids,
      drift: this.#drift,
    }))
  }

  /** Starts storing what was decided, once what is on its way has landed; nobody waits for it but the next one. */
  async #commitBehind(): Promise<void> {
    await this.#landed()
    if (this.#applied === this.#stored && !hasUnstored(this.#graph.view)) return
    const position = this.#applied
    const commit = { ...this.#applying(position), ...takeUnstored(this.#graph.view) }
    this.#onItsWay = this.#store.commit(commit).then((answer) => {
      if (answer === 'conflict') throw new StoreError('locked', CONFLICT, { retryable: true })
      this.#stored = position
      this.#graph.view.landed()
    })
    // Its failure is met by whoever waits for it next; until then it must not count as unhandled.
    this.#onItsWay.catch(() => undefined)
  }

  #applying(to: Position): Pick<Commit, 'applied'> {
    return { applied: [{ source: SOURCE, from: this.#stored, to }] }
  }

  /** Waits for what is being stored. If that fails, the view is not trusted any more: it is read again from the log. */
  async #landed(): Promise<void> {
    const onItsWay = this.#onItsWay
    if (onItsWay === null) return
    try {
      await onItsWay
    } catch (error) {
      this.#trusted = false
      throw error
    } finally {
      this.#onItsWay = null
    }
  }

  async #commit(): Promise<void> {
    await this.#commitBehind()
    await this.#landed()
  }

  /** Bounds what is kept in memory: changes that wait, and nodes that were looked at. */
  async #makeRoom(): Promise<void> {
    const { unstoredNodes, unstoredEdges } = this.#graph.view
    if (unstoredNodes.size + unstoredEdges.size > this.#limits.unstoredMax)
      await this.#commitBehind()
    if (this.#graph.view.size <= this.#limits.viewNodesMax) return
    await this.#commit()
    this.#startOver()
  }
}
