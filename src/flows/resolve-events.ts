// Records of the log into the graph: load what they touch, decide on the view in memory, commit behind.
// Invariant: a commit carries the log position it has applied, so a crash at any instant replays to the same state.

import {
  type DatedDecree,
  type Decree,
  applyDecree,
  identifiersOf,
} from '../core/profile/apply-decree.ts'
import { applyFact } from '../core/profile/apply-fact.ts'
import { crowdsAround } from '../core/profile/candidates.ts'
import type { Ids } from '../core/profile/decision.ts'
import { joinsByWitness, type Needs, settle } from '../core/profile/settle.ts'
import { nothingTouched, type Touched } from '../core/profile/touched.ts'
import { takeUnstored } from '../core/profile/unstored.ts'
import { type CrowdAsk, View } from '../core/profile/view.ts'
import type { Fact } from '../core/edge/fact.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { EventLog, Position, StoredRecord } from '../ports/event-log.ts'
import type { IdentityStore, LoadLimits } from '../ports/identity-store.ts'
import { StoreError } from '../ports/store-error.ts'
import { oneAtATime } from './one-at-a-time.ts'

export interface ResolverLimits {
  /** Nodes kept in memory; past it the view starts over after a commit. */
  readonly viewNodesMax: number
  /** Edges of one component; past it its decision waits. */
  readonly componentEdgesMax: number
  /** Changed nodes and edges that may wait for a commit; past it one is made at once. */
  readonly unstoredMax: number
  /** Sightings of one identifier and day that are looked at. */
  readonly sightingsPerDayMax: number
  /** Records read at once when catching up with the log. */
  readonly catchUpRecordsMax: number
}

export const RESOLVER_LIMITS: ResolverLimits = {
  viewNodesMax: 150_000,
  componentEdgesMax: 10_000,
  unstoredMax: 40_000,
  sightingsPerDayMax: 200,
  catchUpRecordsMax: 2_000,
}

export interface ResolverParts {
  readonly log: EventLog
  readonly store: IdentityStore
  readonly policy: Policy
  readonly ids: Ids
  readonly limits?: Partial<ResolverLimits>
}

const SOURCE = 'log'
/** A decision that asks for more to load this many times is a bug, not a large graph. */
const LOADS_PER_DECISION_MAX = 100

export class Resolver {
  readonly #log: EventLog
  readonly #store: IdentityStore
  readonly #policy: Policy
  readonly #ids: Ids
  readonly #limits: ResolverLimits
  readonly #exclusively = oneAtATime()
  #view = new View()
  /** Position up to which the view holds everything; what the store holds. */
  #applied: Position = 0
  #stored: Position = 0
  #trusted = false

  constructor({ log, store, policy, ids, limits }: ResolverParts) {
    this.#log = log
    this.#store = store
    this.#policy = policy
    this.#ids = ids
    this.#limits = { ...RESOLVER_LIMITS, ...limits }
  }

  /** Everything in the log up to its end is applied and stored. Call once before anything else. */
  async catchUp(): Promise<void> {
    await this.#exclusively(async () => {
      await this.#recover(this.#log.end())
      await this.#commit()
    })
  }

  /**
   * Applies records that are durable in the log, in order; those already applied are passed over. Records before them
   * that another caller has still in hand are read from the log, so none is ever skipped.
   */
  async apply(records: readonly StoredRecord[]): Promise<void> {
    await this.#exclusively(async () => {
      const [first, last] = [records[0], records.at(-1)]
      if (first === undefined || last === undefined) return
      if (!this.#trusted) await this.#recover(last.position)
      else if (first.position > this.#applied + 1) await this.#follow(last.position)
      else await this.#take(records)
      const { unstoredNodes, unstoredEdges } = this.#view
      if (unstoredNodes.size + unstoredEdges.size > this.#limits.unstoredMax) await this.#commit()
    })
  }

  /** Stores what was decided since the last commit. On a StoreError nothing is lost: the log has it. */
  async flush(): Promise<void> {
    await this.#exclusively(async () => {
      if (!this.#trusted) await this.#recover(this.#log.end())
      await this.#commit()
    })
  }

  /** Position up to which every record is decided, stored or not. */
  get applied(): Position {
    return this.#applied
  }

  /**
   * Runs a reader while nothing changes, with the identifiers and all around them loaded. The reader may ask for more
   * before it answers; it must not change the view.
   */
  async look<T>(
    keys: readonly Key[],
    read: (view: View, policy: Policy) => T | { readonly needs: Needs },
  ): Promise<T> {
    return this.#exclusively(async () => {
      if (!this.#trusted) await this.#recover(this.#log.end())
      await this.#load({ nodes: this.#unknown(keys), crowds: [], profiles: [] })
      for (let loads = 0; loads < LOADS_PER_DECISION_MAX; loads++) {
        const answer = read(this.#view, this.#policy)
        if (typeof answer !== 'object' || answer === null || !('needs' in answer)) return answer
        await this.#load(answer.needs)
      }
      throw new Error('a reader that is never satisfied')
    })
  }

  async #recover(upTo: Position): Promise<void> {
    this.#view = new View()
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
      if (this.#applied < upTo) await this.#commit()
    }
  }

  async #take(records: readonly StoredRecord[]): Promise<void> {
    let facts: Fact[] = []
    for (const record of records) {
      if (record.position <= this.#applied) continue
      if (record.kind === 'message') facts.push(record.fact)
      else {
        await this.#decideFacts(facts)
        facts = []
        const { id, at, author, decision, position: order } = record
        await this.#decideDecree({ id, at, author, order, decree: decision })
      }
      this.#applied = record.position
    }
    await this.#decideFacts(facts)
  }

  async #decideFacts(facts: readonly Fact[]): Promise<void> {
    if (facts.length === 0) return
    await this.#loadFor(facts)
    const touched = nothingTouched()
    for (const fact of facts) applyFact(this.#view, this.#policy, fact, touched)
    await this.#settle(touched)
  }

  async #decideDecree(dated: DatedDecree): Promise<void> {
    await this.#load({
      nodes: this.#unknown(identifiersOf(dated.decree)),
      crowds: [],
      profiles: [],
    })
    await this.#loadWitnesses(dated.decree)
    const touched = nothingTouched()
    applyDecree(this.#view, this.#policy, dated, touched)
    await this.#settle(touched)
  }

  /** A witness that is quarantined or erased concerns everyone ever seen with it. */
  async #loadWitnesses(decree: Decree): Promise<void> {
    const crowds: CrowdAsk[] = []
    for (const key of identifiersOf(decree)) {
      const node = this.#view.node(key)
      if (node !== undefined && node.component === '') crowds.push(crowdsAround(this.#policy, node))
    }
    await this.#load({ nodes: [], crowds, profiles: [] })
    const cookies = crowds.flatMap(({ identifier }) => {
      return [...(this.#view.crowds.get(identifier)?.values() ?? [])].flatMap((crowd) => [
        ...crowd.entries.keys(),
      ])
    })
    await this.#load({ nodes: this.#unknown(cookies), crowds: [], profiles: [] })
  }

  async #settle(touched: Touched): Promise<void> {
    for (let loads = 0; loads < LOADS_PER_DECISION_MAX; loads++) {
      const needs = settle(this.#view, this.#policy, touched, this.#ids)
      if (needs === null) return
      await this.#load(needs)
    }
    throw new Error('a decision that is never satisfied with what was loaded')
  }

  #known(key: Key): boolean {
    const node = this.#view.node(key)
    if (node === undefined) return this.#view.absent.has(key)
    return node.complete || node.over || node.component === ''
  }

  #unknown(keys: Iterable<Key>): Key[] {
    const unknown = new Set<Key>()
    for (const key of keys) if (!this.#known(key)) unknown.add(key)
    return [...unknown]
  }

  async #loadFor(facts: readonly Fact[]): Promise<void> {
    const keys = new Set<Key>()
    for (const { identifiers } of facts) {
      const large = identifiers.some(({ key }) => this.#view.node(key)?.over === true)
      for (const { key } of identifiers) if (large || !this.#known(key)) keys.add(key)
    }
    await this.#load({ nodes: [...keys], crowds: [], profiles: [] })
    if (joinsByWitness(this.#policy)) await this.#loadCrowds(facts)
  }

  async #loadCrowds(facts: readonly Fact[]): Promise<void> {
    const asks: CrowdAsk[] = []
    for (const { identifiers, at } of facts) {
      for (const { key, type } of identifiers) {
        const seen = { key, firstSeen: at, lastSeen: at }
        const witness = this.#policy.types.get(type)?.role === 'witness'
        if (witness) asks.push(crowdsAround(this.#policy, seen))
        else if (type === 'cookie') asks.push(...this.#crowdsOf(key))
      }
    }
    await this.#load({
      nodes: [],
      crowds: asks.filter((ask) => !this.#crowdsKnown(ask)),
      profiles: [],
    })
  }

  /** The crowds a cookie was ever in: if it logs in now, they count fewer people. */
  #crowdsOf(key: Key): CrowdAsk[] {
    const cookie = this.#view.node(key)
    if (cookie === undefined) return []
    const witnesses = [...cookie.out.keys()].filter((to) => this.#view.node(to)?.component === '')
    return witnesses.map((to) => crowdsAround(this.#policy, { ...cookie, key: to }))
  }

  #crowdsKnown({ identifier, fromDay, toDay }: CrowdAsk): boolean {
    for (let day = fromDay; day <= toDay; day++)
      if (this.#view.crowd(identifier, day) === undefined) return false
    return true
  }

  async #load(needs: Needs): Promise<void> {
    const { nodes, crowds, profiles } = needs
    if (nodes.length === 0 && crowds.length === 0 && profiles.length === 0) return
    const limits: LoadLimits = {
      componentNodesMax: this.#policy.neighbourhoodIdentifiersMax,
      componentEdgesMax: this.#limits.componentEdgesMax,
      sightingsPerDayMax: this.#limits.sightingsPerDayMax,
    }
    const loaded = await this.#store.load(needs, limits)
    this.#view.absorb(loaded)
    for (const key of nodes) if (this.#view.node(key) === undefined) this.#view.absent.add(key)
    for (const id of profiles) if (!this.#view.profiles.has(id)) this.#view.profiles.set(id, null)
    for (const ask of crowds)
      this.#view.absorbCrowds(ask, loaded.sightings, limits.sightingsPerDayMax, this.#policy)
  }

  async #commit(): Promise<void> {
    if (!this.#trusted || this.#applied === this.#stored) return
    const commit = { source: SOURCE, position: this.#applied, ...takeUnstored(this.#view) }
    this.#trusted = false
    const answer = await this.#store.commit(commit, this.#stored)
    if (answer === 'conflict') {
      throw new StoreError(
        'locked',
        'another process has written to the graph; it will be read again',
        { retryable: true },
      )
    }
    this.#trusted = true
    this.#stored = commit.position
    if (this.#view.size > this.#limits.viewNodesMax) this.#view = new View()
  }
}
