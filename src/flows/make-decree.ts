// What a steward or administrator decrees: durable in the log first, then decided and stored. And what would come of it.

import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Decree } from '../core/profile/apply-decree.ts'
import type { Ids } from '../core/profile/decision.ts'
import type { View } from '../core/profile/view/view.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { applyDecreeTo } from './apply-records.ts'
import { emptyGraph, loadIdentifiers } from './load-graph.ts'
import type { LookUpParts } from './look-up.ts'
import { RESOLVER_LIMITS } from './resolver-limits.ts'

/** Who says something, and when. */
export interface Saying {
  /** Of the decision in the log; unique. */
  readonly id: string
  /** ms */
  readonly at: number
  readonly author: string
}

/** When this resolves every look-up, here and in the store, goes by it. */
export async function makeDecree(
  { log, resolver }: LookUpParts,
  { id, at, author }: Saying,
  decision: Decree,
): Promise<void> {
  const record = { kind: 'decision', id, at, author, decision } as const
  const [position] = await log.append([record])
  if (typeof position !== 'number') throw new Error(`a decision ${id} was made before`)
  await resolver.apply([{ ...record, position }])
  await resolver.flush()
}

export interface ImagineParts {
  readonly store: IdentityStore
  readonly policy: Policy
  readonly ids: Ids
}

/** Of the members asked about those that one profile holds, and how many it holds in all. */
export interface Grouped {
  readonly profile: string
  /** Nobody has been given this id yet. */
  readonly isNew: boolean
  readonly members: readonly Key[]
  readonly size: number
}

export interface Imagined {
  /** How the members asked about would be grouped, the largest group first. */
  readonly groups: readonly Grouped[]
  /** Profiles that would lead to another one from then on. */
  readonly givesWay: readonly string[]
  /** Questions between these members that nobody would ask any more. */
  readonly settles: readonly string[]
}

/** What would come of a decree, of which nothing is kept. */
export async function imagine(
  { store, policy, ids }: ImagineParts,
  decree: Decree,
  about: readonly Key[],
): Promise<Imagined> {
  const graph = emptyGraph(store, policy, RESOLVER_LIMITS)
  const { view } = graph
  await loadIdentifiers(graph, about)
  const asked = askedAmong(view, about)
  const dated = { id: 'imagined', at: 0, author: '', order: Number.MAX_SAFE_INTEGER, decree }
  await applyDecreeTo(graph, dated, ids)
  return {
    groups: groupsIn(view, about),
    givesWay: [...view.unstoredProfiles]
      .filter((id) => typeof view.profiles.get(id)?.redirect === 'string')
      .toSorted(),
    settles: asked.filter((id) => !view.questions.has(id)),
  }
}

/** Open questions of whose sides both are among the members. */
function askedAmong(view: View, members: readonly Key[]): readonly string[] {
  const among = new Set(members)
  const asked = new Set(members.flatMap((key) => [...view.questionsOf(key)]))
  return [...asked]
    .filter((id) => {
      const question = view.questions.get(id)
      return question !== undefined && among.has(question.a) && among.has(question.b)
    })
    .toSorted()
}

/** How loaded members are grouped, the largest group first. */
export function groupsIn(view: View, about: readonly Key[]): readonly Grouped[] {
  const groups = new Map<string, Key[]>()
  for (const key of about) {
    const profile = view.node(key)?.profile ?? ''
    if (profile === '') continue
    const members = groups.get(profile)
    if (members === undefined) groups.set(profile, [key])
    else members.push(key)
  }
  return [...groups]
    .map(([profile, members]) => {
      const record = view.profiles.get(profile)
      return { profile, isNew: record?.version === 0, members, size: record?.size ?? 0 }
    })
    .toSorted((x, y) => y.members.length - x.members.length)
}
