// Whether what a steward is about to say contradicts what was said before, by one verdict or by a chain of them: A is B,
// B is C, so C cannot be another than A. Invariant: looks at verdicts only, so undoing one of the chain always resolves it.

import type { Key } from '../identifier/identifier.ts'
import type { Verdict, VerdictRecord } from './view/records.ts'
import type { View } from './view/view.ts'

/** A verdict that has not been given yet. */
export interface Proposed {
  readonly verdict: Verdict
  readonly a: readonly Key[]
  readonly b: readonly Key[]
}

/** Members that must be loaded before it can be told. */
export interface ContradictionNeeds {
  readonly nodes: readonly Key[]
}

/**
 * The verdicts that stand against it, in order from its first side to its second; empty where none do. Of several chains
 * one of the shortest.
 */
export function contradictionOf(
  view: View,
  { verdict, a, b }: Proposed,
): readonly VerdictRecord[] | ContradictionNeeds {
  const [here, there] = [saidSame(view, a), saidSame(view, b)]
  const missing = [...here.missing, ...there.missing]
  if (missing.length > 0) return { nodes: missing }
  if (verdict === 'different') {
    const met = b.find((key) => here.reached.has(key))
    return met === undefined ? [] : chainTo(here, met)
  }
  for (const key of here.reached.keys()) {
    for (const said of verdictsAbout(view, key)) {
      if (said.verdict !== 'different') continue
      const others = said.a.includes(key) ? said.b : said.a
      const met = others.find((other) => there.reached.has(other))
      if (met !== undefined)
        return [...chainTo(here, key), said, ...chainTo(there, met).toReversed()]
    }
  }
  return []
}

/** What earlier verdicts say, by a chain of them that stands against the opposite. */
export interface Implied {
  readonly verdict: Verdict
  readonly chain: readonly VerdictRecord[]
}

/** Whether verdicts on others answer already if two profiles, given by all their members, are one person. */
export function impliedBy(
  view: View,
  a: readonly Key[],
  b: readonly Key[],
): Implied | null | ContradictionNeeds {
  // A chain begins with a verdict about one of these and ends with one about one of those.
  if (!isSaidOf(view, a) || !isSaidOf(view, b)) return null
  for (const [verdict, opposite] of OPPOSITES) {
    const chain = contradictionOf(view, { verdict: opposite, a, b })
    if ('nodes' in chain) return chain
    if (chain.length > 0) return { verdict, chain }
  }
  return null
}

const OPPOSITES = [
  ['different', 'same'],
  ['same', 'different'],
] as const

function isSaidOf(view: View, members: readonly Key[]): boolean {
  return members.some((key) => view.verdictsOf(key).size > 0)
}

interface Reach {
  /** Who is one with the members by verdicts, and how: the verdict, and whom it came from. Null: one of the members. */
  readonly reached: ReadonlyMap<Key, Step | null>
  readonly missing: readonly Key[]
}

interface Step {
  readonly verdict: VerdictRecord
  readonly from: Key
}

/** Outwards, so that each is reached by as few verdicts as can be. */
function saidSame(view: View, members: readonly Key[]): Reach {
  const reached = new Map<Key, Step | null>(members.map((key) => [key, null]))
  const missing: Key[] = []
  for (const key of reached.keys()) {
    if (!isKnown(view, key)) missing.push(key)
    for (const verdict of verdictsAbout(view, key)) {
      if (verdict.verdict !== 'same') continue
      for (const other of [...verdict.a, ...verdict.b])
        if (!reached.has(other)) reached.set(other, { verdict, from: key })
    }
  }
  return { reached, missing }
}

/** Whether all verdicts about it are in the view. */
function isKnown(view: View, key: Key): boolean {
  const node = view.node(key)
  return node === undefined ? view.absent.has(key) : node.complete || node.over
}

function verdictsAbout(view: View, key: Key): readonly VerdictRecord[] {
  return [...view.verdictsOf(key)].flatMap((id) => view.verdicts.get(id) ?? [])
}

/** From one of the members to whoever was reached. */
function chainTo({ reached }: Reach, key: Key): readonly VerdictRecord[] {
  const chain: VerdictRecord[] = []
  for (let step = reached.get(key); step !== undefined && step !== null;) {
    chain.push(step.verdict)
    step = reached.get(step.from)
  }
  return chain.toReversed()
}
