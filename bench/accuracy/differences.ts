// How two partitions of the same members differ, and why: what the live path had left to the batch, what it decides
// otherwise by now, and the rest, for which there is no excuse.

import type { Key } from '../../src/core/index.ts'

/** A member where the live path and where the batch put it. */
export interface Member {
  readonly key: Key
  /** In words. */
  readonly name: string
  /** Whom it was last decided with. */
  readonly component: Key
  readonly profile: string
  readonly group: number
}

export interface Difference {
  readonly profiles: number
  /** Live profiles that are no profile of the batch. */
  readonly differing: number
  /** Of these, those around which a decision was left to the batch. */
  readonly awaiting: number
  /** Of these, those that are the batch's once they are decided again with what is known now. */
  readonly older: number
  /** All others: none, or one of the two ways is wrong. */
  readonly unexplained: number
  /** Some of those, in words. */
  readonly examples: readonly string[]
}

const EXAMPLES_MAX = 5
const NAMES_MAX = 12

/** `waiting`: components whose decision waits. `decideAgain` decides members anew, whatever waits too, and tells all. */
export async function compare(
  members: readonly Member[],
  waiting: ReadonlySet<Key>,
  decideAgain: (keys: readonly Key[]) => Promise<readonly Member[]>,
): Promise<Difference> {
  const profiles = byProfile(members)
  const different = differingIn(members)
  const awaiting = awaitingOf(members, waiting)
  const counts = { profiles: profiles.size, differing: different.size }
  if (different.size === 0)
    return { ...counts, awaiting: 0, older: 0, unexplained: 0, examples: [] }
  const doubtful = [...different].flatMap((profile) => profiles.get(profile) ?? [])
  const now = await decideAgain(doubtful.map(({ key }) => key))
  const still = differingIn(now)
  const wrong = new Set(now.filter(({ profile }) => still.has(profile)).map(({ key }) => key))
  const unexplained = [...different].filter((profile) =>
    profiles.get(profile)?.some(({ key }) => wrong.has(key)),
  )
  const excused = [...different].filter((profile) => !unexplained.includes(profile))
  const waited = excused.filter((profile) => awaiting.has(profile)).length
  const examples = unexplained
    .slice(0, EXAMPLES_MAX)
    .map((profile) => exampleOf(profiles.get(profile) ?? [], members))
  return {
    ...counts,
    awaiting: waited,
    older: excused.length - waited,
    unexplained: unexplained.length,
    examples,
  }
}

function byProfile(members: readonly Member[]): Map<string, Member[]> {
  const profiles = new Map<string, Member[]>()
  for (const member of members) {
    const list = profiles.get(member.profile)
    if (list === undefined) profiles.set(member.profile, [member])
    else list.push(member)
  }
  return profiles
}

/** Profiles whose members are no group of the batch. */
function differingIn(members: readonly Member[]): ReadonlySet<string> {
  const sizes = new Map<number, number>()
  for (const { group } of members) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const different = new Set<string>()
  for (const [profile, list] of byProfile(members)) {
    const group = list[0]?.group ?? -1
    if (sizes.get(group) !== list.length || list.some((member) => member.group !== group))
      different.add(profile)
  }
  return different
}

/** Profiles with a member that waits, or that have to do, in the batch, with one that does. */
function awaitingOf(members: readonly Member[], waiting: ReadonlySet<Key>): ReadonlySet<string> {
  const groups = new Set<number>()
  const profiles = new Set<string>()
  for (const { component, group, profile } of members) {
    if (!waiting.has(component)) continue
    groups.add(group)
    profiles.add(profile)
  }
  for (const { group, profile } of members) if (groups.has(group)) profiles.add(profile)
  return profiles
}

function exampleOf(profile: readonly Member[], members: readonly Member[]): string {
  const groups = new Set(profile.map(({ group }) => group))
  const there = members.filter(({ group }) => groups.has(group))
  return `live ${namesOf(profile)}; batch ${[...groups]
    .map((group) => namesOf(there.filter((member) => member.group === group)))
    .join(' and ')}`
}

function namesOf(members: readonly Member[]): string {
  const names = members.map(({ name }) => name).toSorted()
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : ''
  return `[${names.slice(0, NAMES_MAX).join(' ')}${more}]`
}
