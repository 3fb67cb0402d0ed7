// Profiles that were told as of changes which the graph has lost, told again as they are now.
// Invariant: an id that was told leads to the profile of one of its members, as long as the graph has one of them.

import { EVIDENCE_MAX } from '../core/policy/evidence-unit.ts'
import type { Change, NodeRecord, ProfileRecord } from '../core/profile/view/records.ts'
import type { ChangeTopics, PublishedProfile, SharedUpTo } from '../ports/change-topics.ts'
import { EMPTY_COMMIT } from '../ports/empty-commit.ts'
import type { Position } from '../ports/event-log.ts'
import type { Commit, IdentityStore } from '../ports/identity-store.ts'
import { NOTHING_AROUND, statesOf } from './published-states.ts'

export interface RetellingParts {
  readonly store: Pick<
    IdentityStore,
    'epoch' | 'profile' | 'load' | 'feedEnd' | 'position' | 'commit'
  >
  readonly topics: ChangeTopics
  readonly sharedUpTo: SharedUpTo
  readonly ends: () => Promise<ReadonlyMap<string, Position>>
}

/** Ids told again at once. */
const IDS_AT_ONCE = 500
/** Followed where one that was told to give way has gone, too. */
const REDIRECTS_MAX = 100

/** Who an id leads to from now on. */
interface Heir {
  readonly profile: ProfileRecord
  readonly members: readonly NodeRecord[]
}

export class Retelling {
  readonly epoch: string
  readonly #parts: RetellingParts
  readonly #told: ReadonlyMap<string, PublishedProfile | null>
  /** What the log had when this began: once it is applied again, whoever is not in the graph was erased. */
  readonly #ends: ReadonlyMap<string, Position>
  #left: readonly string[]

  /** @throws {StoreError} */
  static async begin(parts: RetellingParts, epoch: string): Promise<Retelling> {
    const sharedUpTo: SharedUpTo = async (of) => (of === epoch ? Infinity : parts.sharedUpTo(of))
    const told = await parts.topics.toldBeyond(sharedUpTo)
    return new Retelling(parts, epoch, told, await parts.ends())
  }

  private constructor(
    parts: RetellingParts,
    epoch: string,
    told: ReadonlyMap<string, PublishedProfile | null>,
    ends: ReadonlyMap<string, Position>,
  ) {
    this.#parts = parts
    this.epoch = epoch
    this.#told = told
    this.#ends = ends
    this.#left = [...told.keys()]
  }

  /** Tells what can be told; false while the log may still bring back whom an id was told of. */
  async isDone(): Promise<boolean> {
    const isApplied = this.#left.length === 0 || (await this.#isApplied())
    const later: string[] = []
    for (let at = 0; at < this.#left.length; at += IDS_AT_ONCE) {
      const ids = this.#left.slice(at, at + IDS_AT_ONCE)
      const waits = await this.#tell(ids, isApplied)
      if (waits === null) return false
      later.push(...waits)
    }
    this.#left = later
    return later.length === 0
  }

  /** Those that nothing can be said of yet; null when the graph went back meanwhile, and all begins anew. */
  async #tell(ids: readonly string[], isApplied: boolean): Promise<readonly string[] | null> {
    const { store, topics } = this.#parts
    const later = new Set<string>()
    const { profiles } = await store.load({ nodes: [], crowds: [], profiles: ids }, NOTHING_AROUND)
    const stored = new Set(profiles.map(({ id }) => id))
    for (const id of ids) {
      const last = this.#told.get(id) ?? null
      if (stored.has(id) || last === null) continue
      const heir = await this.#heirOf(last)
      if (heir === null ? !isApplied : !(await this.#redirect(last, heir))) later.add(id)
    }
    const known = ids.filter((id) => !later.has(id))
    const states = await statesOf(store, known, this.epoch)
    if ((await store.epoch()) !== this.epoch) return null
    if (known.length > 0) await topics.publish([], states)
    return [...later]
  }

  /** The profile that has most of the members that were told last, or what that gave way to which was told to replace it. */
  async #heirOf(told: PublishedProfile): Promise<Heir | null> {
    const { store } = this.#parts
    let last = told
    for (let hops = 0; last.redirect !== null && hops < REDIRECTS_MAX; hops++) {
      const found = await store.profile(last.redirect)
      if (found !== null && found.members.length > 0) return found
      const next = this.#told.get(last.redirect) ?? null
      // It was lost before anybody was told of it; but whoever founded this one belongs somewhere.
      if (next === null) break
      last = next
    }
    const nodes = last.redirect === null ? last.members.map(({ key }) => key) : [told.founder]
    const there = await store.load({ nodes, crowds: [], profiles: [] }, NOTHING_AROUND)
    const wanted = new Set(nodes)
    const present = there.nodes.filter(({ key, profile }) => wanted.has(key) && profile !== '')
    const counts = new Map<string, number>()
    for (const { profile } of present) counts.set(profile, (counts.get(profile) ?? 0) + 1)
    const [most] = [...counts].toSorted(([x, n], [y, m]) => m - n || (x < y ? -1 : 1))
    return most === undefined ? null : store.profile(most[0])
  }

  /** False when somebody has changed something meanwhile. */
  async #redirect(told: PublishedProfile, { profile, members }: Heir): Promise<boolean> {
    const [member] = members
    if (member === undefined) return false
    const gone: ProfileRecord = {
      id: told.id,
      founder: member.key,
      foundedAt: member.receivedAt,
      kind: told.kind,
      state: 'provisional',
      size: 0,
      weakest: EVIDENCE_MAX,
      revision: 1,
      redirect: profile.id,
      version: 0,
    }
    const revision = profile.revision + 1
    // A line of its own in the feed: were it lost, too, that is seen by what was told of it.
    const change: Change = {
      event: 'merged',
      profile: profile.id,
      revision,
      from: [told.id],
      at: member.lastSeen,
      reason: 'the graph had lost it',
    }
    const profiles = [gone, { ...profile, revision }]
    const commit: Commit = { ...EMPTY_COMMIT, epoch: this.epoch, profiles, changes: [change] }
    return (await this.#parts.store.commit(commit)) === 'committed'
  }

  async #isApplied(): Promise<boolean> {
    for (const [source, end] of this.#ends)
      if ((await this.#parts.store.position(source)) < end) return false
    return true
  }
}
