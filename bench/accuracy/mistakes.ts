// The diagnosis: what is wrong with the profiles of one world and why, for whoever mends the rules (never the world).

import { printStrayEvents } from './events.ts'
import { printLosses } from './losses.ts'
import { Ownership } from './ownership.ts'
import { printWelds } from './welds.ts'
import { assignmentsOf, type Played } from './world.ts'

/** Prints welded profiles, wrongly owned shared identifiers and lost pairs of one person, `shown` of each. */
export function printMistakes(played: Played, shown: number, say: (text: string) => void): void {
  const ownership = new Ownership(played)
  printWelds(played, ownership, shown, say)
  printOwned(played, ownership, say)
  printLosses(played, ownership, shown, say)
  printStrayEvents(played, ownership, shown, say)
}

/** Shared identifiers in a profile with somebody's others, by why they are shared, and whose the profile is. */
function printOwned(
  { view, truth }: Played,
  ownership: Ownership,
  say: (text: string) => void,
): void {
  const people = new Map<string, Set<string>>()
  const shared: (readonly [key: string, profile: string])[] = []
  for (const [key, profile] of assignmentsOf(view)) {
    const person = ownership.personOf(key)
    if (truth.isShared(key)) shared.push([key, profile])
    if (person === null) continue
    const list = people.get(profile)
    if (list === undefined) people.set(profile, new Set([person]))
    else list.add(person)
  }
  const counts = new Map<string, number>()
  for (const [key, profile] of shared) {
    const owners = [...(people.get(profile) ?? [])]
    const users = ownership.peopleOf(key)
    const whose =
      owners.length === 0
        ? 'on its own'
        : owners.every((person) => users.includes(person))
          ? `with ${owners.length} of its people`
          : 'with a stranger'
    const name = `${ownership.whyShared(key)}: ${whose}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  say('\n  shared identifiers, by the profile they are in:')
  for (const [name, count] of [...counts].toSorted(([x], [y]) => (x < y ? -1 : 1)))
    say(`    ${String(count).padStart(5)}  ${name}`)
}
