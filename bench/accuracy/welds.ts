// Profiles that hold strangers: by which edges of the resolver's tree they were joined, and what caused these.

import type { Key } from '../../src/core/index.ts'
import { componentsOf, type ComponentEdge } from '../../src/core/profile/component.ts'
import { newPass } from '../../src/core/profile/view/neighbours.ts'
import { stageA } from '../../src/core/profile/stage-a.ts'
import { confidenceOf } from '../../src/core/index.ts'
import { messageText, type Ownership } from './ownership.ts'
import { assignmentsOf, type Played } from './world.ts'

const EDGES_SHOWN_MAX = 8

interface Weld {
  readonly profile: string
  readonly members: readonly Key[]
  /** Person -> scored members. */
  readonly people: ReadonlyMap<string, number>
  /** Wrong pairs. */
  readonly pairs: number
  /** Edges of the tree between people, over shared identifiers or directly. */
  readonly edges: readonly ComponentEdge[]
}

/** Prints the profiles with the most wrong pairs, and what all welds were caused by. */
export function printWelds(
  played: Played,
  ownership: Ownership,
  shown: number,
  say: (text: string) => void,
): void {
  const welds = weldsOf(played, ownership).toSorted((x, y) => y.pairs - x.pairs)
  const wanted = new Set(
    welds.flatMap(({ edges }) => edges.map((e) => e.effective.edge.firstEvent)),
  )
  const messages = ownership.messages(wanted)
  const causes = new Map<string, { welds: number; pairs: number }>()
  for (const { edges, pairs } of welds) {
    const all = edges.map(({ a, b, effective }) => {
      return ownership.causeOfEdge(a, b, messages.get(effective.edge.firstEvent))
    })
    const cause = [...new Set(all)].toSorted().join(' + ')
    const sum = causes.get(cause) ?? { welds: 0, pairs: 0 }
    causes.set(cause, { welds: sum.welds + 1, pairs: sum.pairs + pairs })
  }
  say(`\n  ${welds.length} profiles hold strangers; by what caused the edges between them:`)
  for (const [cause, { welds: count, pairs }] of [...causes].toSorted(
    (x, y) => y[1].pairs - x[1].pairs,
  )) {
    say(
      `    ${String(count).padStart(5)} profiles ${String(pairs).padStart(7)} wrong pairs  ${cause}`,
    )
  }
  for (const weld of welds.slice(0, shown)) {
    const people = [...weld.people].map(([person, keys]) => `${person}: ${keys}`).join(', ')
    const mates = ownership.areHousemates([...weld.people.keys()]) ? ', housemates' : ''
    say(
      `\n  ${weld.profile}: ${weld.members.length} members (${people}${mates}), ${weld.pairs} wrong pairs`,
    )
    for (const { effective } of weld.edges.slice(0, EDGES_SHOWN_MAX)) {
      const { edge, evidence } = effective
      const worth = confidenceOf(evidence).toFixed(2)
      say(
        `    ${ownership.label(edge.from)} --${edge.kind} ${worth} ×${edge.count}--> ${ownership.label(edge.to)}`,
      )
      say(`      ${messageText(ownership, messages.get(edge.firstEvent))}`)
    }
    const more = weld.edges.length - EDGES_SHOWN_MAX
    if (more > 0) say(`    and ${more} more edges between people`)
  }
}

function weldsOf(played: Played, ownership: Ownership): Weld[] {
  const members = new Map<string, Key[]>()
  for (const [key, profile] of assignmentsOf(played.view)) {
    const list = members.get(profile)
    if (list === undefined) members.set(profile, [key])
    else list.push(key)
  }
  const welds: Weld[] = []
  for (const [profile, keys] of members) {
    const people = new Map<string, number>()
    for (const key of keys) {
      const person = ownership.personOf(key)
      if (person !== null) people.set(person, (people.get(person) ?? 0) + 1)
    }
    if (people.size < 2) continue
    const sizes = [...people.values()]
    const all = sizes.reduce((a, b) => a + b, 0)
    const pairs = (all * all - sizes.reduce((sum, n) => sum + n * n, 0)) / 2
    welds.push({
      profile,
      members: keys,
      people,
      pairs,
      edges: edgesBetweenPeople(played, ownership, keys),
    })
  }
  return welds
}

/** The tree's edges whose ends are not both the same one person's. */
function edgesBetweenPeople(
  { view, policy }: Played,
  ownership: Ownership,
  members: readonly Key[],
): ComponentEdge[] {
  const pass = newPass(view, policy)
  const own = new Set(members)
  return componentsOf(pass, members)
    .components.flatMap((component) => stageA(pass, component).groups)
    .filter(({ nodes }) => nodes.some(({ key }) => own.has(key)))
    .flatMap(({ tree }) => tree)
    .filter(({ a, b }) => {
      const person = ownership.personOf(a)
      return person === null || person !== ownership.personOf(b)
    })
}
