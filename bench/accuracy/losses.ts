// What the union on every name joins and the resolver does not: for each such pair of one person's, the reason of the resolver.

import type { Key } from '../../src/core/index.ts'
import { componentsOf } from '../../src/core/profile/component.ts'
import { effectiveBetween } from '../../src/core/profile/effective.ts'
import { newPass, type Pass } from '../../src/core/profile/view/neighbours.ts'
import { isShared, whyShared } from '../../src/core/profile/shared/shared.ts'
import { stageA } from '../../src/core/profile/stage-a.ts'
import { edgesBetween } from '../../src/core/profile/view/neighbours.ts'
import { messageText, type Ownership } from './ownership.ts'
import type { Played } from './world.ts'

const EXAMPLES_MAX = 3

/** Two identifiers of one person that one message named together and the resolver keeps apart. */
interface Gap {
  readonly a: Key
  readonly b: Key
  readonly person: string
  readonly reason: string
  /** The person's pairs between the two resolver profiles. */
  readonly pairs: number
}

/** Prints the reasons, those that cost most first, each with examples. */
export function printLosses(
  played: Played,
  ownership: Ownership,
  shown: number,
  say: (text: string) => void,
): void {
  const gaps = gapsOf(played, ownership)
  const byReason = new Map<string, Gap[]>()
  for (const gap of gaps) {
    const list = byReason.get(gap.reason)
    if (list === undefined) byReason.set(gap.reason, [gap])
    else list.push(gap)
  }
  const reasons = [...byReason]
    .map(([reason, list]) => ({
      reason,
      list,
      pairs: list.reduce((sum, { pairs }) => sum + pairs, 0),
    }))
    .toSorted((x, y) => y.pairs - x.pairs)
    .slice(0, shown)
  const examples = reasons.flatMap(({ list }) => list.slice(0, EXAMPLES_MAX))
  const events = new Map(examples.map((gap) => [gap, eventOf(played, gap)]))
  const messages = ownership.messages(new Set([...events.values()].filter((id) => id !== null)))
  say(
    "\n  pairs of one person that were named together and the resolver keeps apart, by the resolver's reason:",
  )
  for (const { reason, list, pairs } of reasons) {
    const people = new Set(list.map(({ person }) => person)).size
    say(`    ${String(pairs).padStart(7)} pairs ${String(people).padStart(5)} people  ${reason}`)
    for (const gap of list.slice(0, EXAMPLES_MAX)) {
      say(`      ${ownership.label(gap.a)} / ${ownership.label(gap.b)}, ${gap.pairs} pairs`)
      const id = events.get(gap) ?? null
      if (id !== null) say(`        ${messageText(ownership, messages.get(id))}`)
    }
  }
}

function gapsOf(played: Played, ownership: Ownership): Gap[] {
  const { baselines, view, policy, truth } = played
  const pass = newPass(view, policy)
  const cells = new Map<string, number>()
  const cellOf = (person: string, key: Key) => `${person} ${view.node(key)?.profile}`
  for (const [key] of baselines.onEverything()) {
    const person = ownership.personOf(key)
    if (person !== null) cells.set(cellOf(person, key), (cells.get(cellOf(person, key)) ?? 0) + 1)
  }
  const gaps: Gap[] = []
  const between = new Set<string>()
  for (const [a, b] of baselines.pairs()) {
    if (truth.isShared(a) || truth.isShared(b)) continue
    const person = ownership.personOf(a)
    if (person === null || person !== ownership.personOf(b)) continue
    const [here, there] = [cellOf(person, a), cellOf(person, b)].toSorted()
    if (here === undefined || there === undefined || here === there) continue
    const reason = reasonOf(pass, a, b)
    const id = `${here} ${there} ${reason}`
    if (between.has(id)) continue
    between.add(id)
    gaps.push({ a, b, person, reason, pairs: (cells.get(here) ?? 0) * (cells.get(there) ?? 0) })
  }
  return gaps.toSorted((p, q) => q.pairs - p.pairs)
}

/** Values are taken out of the resolver's words, so that they can be counted. */
function reasonOf(pass: Pass, a: Key, b: Key): string {
  const [x, y] = [pass.view.node(a), pass.view.node(b)]
  if (x === undefined || y === undefined) return 'not in the graph'
  const effective = effectiveBetween(pass, x, y)
  const ends = [x.type, y.type].toSorted().join('–')
  if (effective === null) return `no edge between them (${ends})`
  const { cut, kind } = effective
  if (cut === 'shared') {
    const shared = isShared(pass, x) ? x : y
    return `shared ${shared.type}: ${plain(whyShared(pass, shared) ?? '')} (${kind})`
  }
  if (cut !== null) return `${cut} (${kind}, ${ends})`
  for (const component of componentsOf(pass, [a]).components) {
    const refusal = stageA(pass, component).refusals.find(
      (r) => (r.a === a && r.b === b) || (r.a === b && r.b === a),
    )
    if (refusal !== undefined) return `guard ${refusal.guard}: ${plain(refusal.reason)} (${kind})`
  }
  return `refused by another way (${kind}, ${ends})`
}

function plain(reason: string): string {
  return reason.replaceAll(/(:) .*$/g, '$1 …').replaceAll(/\d+/g, 'N')
}

/** The message that first named the two together; null when they have no edge. */
function eventOf({ view }: Played, { a, b }: Gap): string | null {
  const [x, y] = [view.node(a), view.node(b)]
  return x === undefined || y === undefined ? null : (edgesBetween(x, y)[0]?.firstEvent ?? null)
}
