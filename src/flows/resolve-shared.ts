// Records of several sources into a graph that others write too: decided on a view that may be old, and only ever stored
// where nothing it rests on has changed. Invariant: a commit either finds all it has read as it was, or leaves no trace.

import type { Drift } from '../core/evidence/learned/drift.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Ids } from '../core/profile/decision.ts'
import { joinsByWitness, type Needs } from '../core/profile/settle.ts'
import type { View } from '../core/profile/view/view.ts'
import type { EventLog, Position } from '../ports/event-log.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { StoreError } from '../ports/store-error.ts'
import type { ResolvableRecord } from './apply-records.ts'
import { decideLarge, doubtRecords, readOn, settleOn } from './decide.ts'
import { type Delivery, firstOf, type Stray, trimmed, upTo } from './delivery.ts'
import type { Graph } from './load-graph.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { RESOLVER_LIMITS, type ResolverLimits } from './resolver-limits.ts'
import { Resolver } from './resolver.ts'
import { applyAll } from './shared-commit.ts'
import { type Contention, type Rules, SharedGraph } from './shared-graph.ts'

export interface SharedParts {
  readonly store: IdentityStore
  /** As they are now, for all who write this graph. */
  readonly rules: () => Promise<Rules>
  readonly ids: Ids
  /** Before a further try: ever longer, and by chance, so that writers who were in each other's way are not so again. */
  readonly pause: (tries: number) => Promise<void>
  readonly limits?: Partial<ResolverLimits>
  /** The log as far as it can be read here, for whoever decides by other rules what came since. */
  readonly log?: Pick<EventLog, 'read' | 'end'> & {
    /** Looks how far it is. */
    refresh(): Promise<void>
  }
  /** Waits until these records, which were appended to the log, are applied by whoever has their source. */
  readonly untilApplied?: (records: readonly ResolvableRecord[]) => Promise<void>
}

interface OnItsWay {
  readonly deliveries: readonly Delivery[]
  readonly answer: Promise<'committed' | 'conflict'>
}

/** After so many conflicts over the same records, ever fewer of them are tried at once. */
const TRIES_AT_ONCE = 2
const TRIES_MAX = 200
/** After a conflict, what is in memory is likely to be old; so many commits start from nothing. */
const COMMITS_FROM_NOTHING = 8

export class SharedResolver extends Resolver {
  readonly #parts: SharedParts
  readonly #limits: ResolverLimits
  readonly #shared: SharedGraph
  readonly #exclusively = oneAtATime()
  #graph: Graph
  /** The rules that its view was read under. */
  #madeBy: Rules
  #onItsWay: OnItsWay | null = null
  #fromNothing = 0

  /** @throws {StoreError} */
  static async open(parts: SharedParts): Promise<SharedResolver> {
    return new SharedResolver(parts, await parts.rules())
  }

  private constructor(parts: SharedParts, rules: Rules) {
    super(parts.ids)
    this.#parts = parts
    this.#limits = { ...RESOLVER_LIMITS, ...parts.limits }
    this.#shared = new SharedGraph({ ...parts, limits: this.#limits }, rules)
    this.#graph = this.#shared.nothing()
    this.#madeBy = rules
  }

  get contention(): Contention {
    return this.#shared.contention
  }

  /** Nobody counts: of each login another one of the writers may know. A run counts anew. */
  get drift(): Drift | null {
    return null
  }

  /** Position up to which the log can be read here. */
  get applied(): Position {
    return this.#parts.log?.end() ?? 0
  }

  /** Nothing to do: those who have the sources apply them. */
  async catchUp(): Promise<void> {
    await this.flush()
  }

  async apply(records: readonly ResolvableRecord[]): Promise<void> {
    await this.#parts.untilApplied?.(records)
  }

  async storeBehind(): Promise<void> {
    await this.flush()
  }

  async flush(): Promise<void> {
    await this.landed()
    await this.#parts.log?.refresh()
  }

  /**
   * Waits until all that was taken is stored; returns as `take` does.
   * @throws {StoreError} as `take` does
   */
  async landed(): Promise<readonly Stray[]> {
    return this.#exclusively(() => this.#orFromNothing(async () => (await this.#landed([])) ?? []))
  }

  /**
   * Decides what was delivered and begins to store it; what was taken before is stored when this resolves. Returns the
   * sources that the store has elsewhere than thought, for they were read by somebody else, or the store has gone back:
   * of these nothing was taken beyond, and they are to be read on from there.
   * @throws {StoreError} nothing that was not stored is kept: read on from the stored positions.
   */
  async take(deliveries: readonly Delivery[]): Promise<readonly Stray[]> {
    return this.#exclusively(() =>
      this.#orFromNothing(async () => {
        const before = await this.#makeRoom()
        const erased = await this.#shared.decide(async () =>
          applyAll(this.#graph, deliveries, this.ids),
        )
        const strays = await this.#landed(deliveries, erased === null)
        if (erased === null || strays !== null) return [...before, ...(strays ?? [])]
        const answer = this.#shared.commit({ view: this.#graph.view, deliveries, erased })
        // Its failure is met by whoever waits for it next; until then it must not count as unhandled.
        answer.catch(() => undefined)
        this.#onItsWay = { deliveries, answer }
        return before
      }),
    )
  }

  /** Of what has failed nothing is kept. */
  async #orFromNothing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      this.#onItsWay = null
      this.#startOver()
      throw cause
    }
  }

  async decideWaiting(componentsMax: number): Promise<number> {
    const waiting = await this.#parts.store.waiting(componentsMax)
    for (let at = 0; at < waiting.length;) {
      const rest = waiting.slice(at)
      at += await this.#untilStored(async () => {
        const { components, view } = await decideLarge(this.#shared.nothing(), rest, this.ids)
        return { answer: components, view }
      })
    }
    return waiting.length
  }

  /** All who write this graph decide by it from then on: whoever does not know it yet conflicts, and reads it. */
  async decideBy(policy: Policy, since: Position): Promise<void> {
    await this.#exclusively(async () => {
      await this.#landed([])
      if (!(await this.#shared.goBy(policy))) throw contended()
      this.#startOver()
    })
    for (let next = since + 1; ;) {
      const records = await this.#parts.log?.read(next, this.#limits.catchUpRecordsMax)
      if (records === undefined || records.length === 0) return
      next += records.length
      await this.changing(async (graph) =>
        settleOn(graph, await doubtRecords(graph, records), this.ids),
      )
    }
  }

  async look<T>(
    keys: readonly Key[],
    read: (view: View, policy: Policy) => T | { readonly needs: Needs },
  ): Promise<T> {
    return readOn(this.#shared.nothing(), keys, read)
  }

  protected async changing<T>(work: (graph: Graph) => Promise<T>): Promise<T> {
    return this.#untilStored(async () => {
      const graph = this.#shared.nothing()
      return { answer: await work(graph), view: graph.view }
    })
  }

  /** Does it, each time from nothing, until what came of it could be stored. */
  async #untilStored<T>(work: () => Promise<{ answer: T; view: View }>): Promise<T> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (tries > 0) await this.#parts.pause(tries)
      const done = await this.#shared.decide(work)
      if (done !== null) {
        const commit = { view: done.view, deliveries: [], erased: [] }
        if ((await this.#shared.commit(commit)) === 'committed') return done.answer
      }
      await this.#shared.meetRules()
    }
    throw contended()
  }

  #startOver(): void {
    this.#graph = this.#shared.nothing()
    this.#madeBy = this.#shared.rules
  }

  /**
   * Waits for what is being stored. On a conflict that is decided again, with what comes after it, and so is this where it
   * could not be decided; else null.
   */
  async #landed(next: readonly Delivery[], isTorn = false): Promise<readonly Stray[] | null> {
    const onItsWay = this.#onItsWay
    this.#onItsWay = null
    const answer = await onItsWay?.answer
    if (answer === 'conflict') return this.#again([...(onItsWay?.deliveries ?? []), ...next])
    if (isTorn) return this.#again(next)
    this.#graph.view.landed()
    return null
  }

  async #again(deliveries: readonly Delivery[]): Promise<readonly Stray[]> {
    this.#fromNothing = COMMITS_FROM_NOTHING
    // Also where nothing is left to decide again: the view holds what was not stored.
    this.#startOver()
    const strays = new Map<string, Position>()
    let left = deliveries
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (tries > 0) await this.#parts.pause(tries)
      await this.#shared.meetRules()
      left = await this.#notApplied(left, strays)
      if (left.length === 0) return [...strays].map(([source, position]) => ({ source, position }))
      const some = tries < TRIES_AT_ONCE ? left : firstOf(left, tries - TRIES_AT_ONCE + 1)
      this.#startOver()
      const erased = await this.#shared.decide(async () => applyAll(this.#graph, some, this.ids))
      const { view } = this.#graph
      if (erased === null) continue
      if ((await this.#shared.commit({ view, deliveries: some, erased })) === 'conflict') continue
      this.#graph.view.landed()
      left = trimmed(left, upTo(some)).left
      tries = -1
    }
    throw contended()
  }

  /** What the store does not have yet, of sources that are where they were thought to be. */
  async #notApplied(
    deliveries: readonly Delivery[],
    strays: Map<string, Position>,
  ): Promise<readonly Delivery[]> {
    const sources = [...new Set(deliveries.map(({ source }) => source))]
    const positions = new Map<string, Position>()
    for (const source of sources) positions.set(source, await this.#parts.store.position(source))
    const { left, astray } = trimmed(deliveries, positions)
    for (const { source, position } of astray) strays.set(source, position)
    return left
  }

  /**
   * Begins with an empty view where the one there is would be too large, is likely to be old, or is all that was read
   * (`shared-commit.ts`); what it holds is stored first.
   */
  async #makeRoom(): Promise<readonly Stray[]> {
    const isLarge = this.#graph.view.size > this.#limits.viewNodesMax
    const { rules } = this.#shared
    const isOld = this.#fromNothing > 0 || this.#madeBy !== rules || joinsByWitness(rules.policy)
    if (!isLarge && !isOld) return []
    if (this.#fromNothing > 0) this.#fromNothing--
    const strays = await this.#landed([])
    this.#startOver()
    return strays ?? []
  }
}

function contended(): StoreError {
  return new StoreError('locked', `others wrote to the graph ${TRIES_MAX} times over`, {
    retryable: true,
  })
}
