// The same story told otherwise: other orders that must end the same, and what should leave no trace left out.
// Invariant: facts move among themselves only; an erasure stays between the facts before and after it.

import type { Fact } from '../../src/core/edge/fact.ts'
import { standing } from './decrees.ts'
import type { Step } from './stage.ts'

export interface Told {
  readonly order: string
  readonly steps: readonly Step[]
}

const SHUFFLES = Number(process.env['SELFSAME_RUNS'] ?? 100) > 100 ? 6 : 3
const TOLD_TWICE = 3

type Batches = (facts: readonly Fact[]) => readonly (readonly Fact[])[]

/** Facts backwards, at once, and shuffled with some told twice. Without erasures all decrees come after all facts. */
export function otherOrders(steps: readonly Step[]): readonly Told[] {
  const one = (fact: Fact): Fact[] => [fact]
  const orders: [string, Batches][] = [
    ['backwards', (facts) => facts.toReversed().map(one)],
    ['at once', (facts) => [facts]],
  ]
  for (let seed = 0; seed < SHUFFLES; seed++) {
    orders.push([
      `shuffled by seed ${seed}`,
      (facts) => {
        const order = shuffled(facts, seed)
        return [...order, ...order.slice(0, TOLD_TWICE)].map(one)
      },
    ])
  }
  return orders.map(([order, batches]) => ({ order, steps: retold(steps, batches) }))
}

function retold(steps: readonly Step[], batches: Batches): Step[] {
  const erases = steps.some(({ decreed }) => decreed?.type === 'erasure')
  const told: Step[] = []
  let facts: Fact[] = []
  const tell = (): void => {
    for (const batch of batches(facts)) told.push({ ...NOTHING, batches: [batch] })
    facts = []
  }
  for (const step of steps) {
    facts.push(...step.facts)
    if (step.dated === null) continue
    if (erases) tell()
    if (erases) told.push(step)
  }
  tell()
  return erases ? told : [...told, ...steps.filter(({ dated }) => dated !== null)]
}

const NOTHING: Step = { when: '', facts: [], batches: [], decreed: null, dated: null }

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed * 2_654_435_761 + 1
  const ranked = list.map((item) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return { item, state }
  })
  return ranked.toSorted((x, y) => x.state - y.state).map(({ item }) => item)
}

/** Without the decrees that were taken back; and as if nobody had ever named what is erased in the end. */
export function asIfNever(
  steps: readonly Step[],
): readonly { readonly what: string; readonly steps: readonly Step[] }[] {
  const decreed = steps.flatMap((step) => (step.decreed === null ? [] : [step.decreed]))
  if (decreed.length === 0) return []
  const stands = new Set(standing(decreed))
  const erased = erasedInTheEnd(steps)
  const left = steps.map((step) => {
    const facts = step.facts.map((fact) => withoutIdentifiers(fact, erased))
    const dated = step.decreed !== null && stands.has(step.decreed) ? step.dated : null
    return { ...step, facts, batches: facts.map((fact) => [fact]), dated }
  })
  return [{ what: 'what was taken back or erased', steps: left }]
}

function erasedInTheEnd(steps: readonly Step[]): ReadonlySet<string> {
  const erased = new Set<string>()
  for (const { dated, facts } of steps) {
    for (const { identifiers } of facts) for (const { key } of identifiers) erased.delete(key)
    if (dated?.decree.type === 'erasure')
      for (const key of dated.decree.identifiers) erased.add(key)
  }
  return erased
}

export function withoutIdentifiers(fact: Fact, erased: ReadonlySet<string>): Fact {
  const kept = fact.identifiers.filter(({ key }) => !erased.has(key))
  const place = (index: number): number => {
    const identifier = fact.identifiers[index]
    return identifier === undefined ? -1 : kept.indexOf(identifier)
  }
  const edges = fact.edges
    .map(({ from, to, kind }) => ({ from: place(from), to: place(to), kind }))
    .filter(({ from, to }) => from >= 0 && to >= 0)
  return { ...fact, identifiers: kept, edges }
}
