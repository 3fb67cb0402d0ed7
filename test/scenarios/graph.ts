// The live path in memory: the real resolver over a view that holds everything, with no store behind it.
// Invariant: decides nothing itself; after each decision the graph must be whole (`unwhole` says what is not).

import { dayOf } from '../../src/core/evidence/day-hours.ts'
import type { Fact } from '../../src/core/edge/fact.ts'
import type { Extraction } from '../../src/core/identifier/extraction.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { absorbCrowds } from '../../src/core/profile/view/absorb.ts'
import { applyDecree, type DatedDecree } from '../../src/core/profile/apply-decree.ts'
import { applyFact } from '../../src/core/profile/apply-fact.ts'
import type { Ids } from '../../src/core/profile/decision.ts'
import { newPass } from '../../src/core/profile/view/neighbours.ts'
import { mintWith } from '../../src/core/profile/profile-id.ts'
import { settle } from '../../src/core/profile/settle.ts'
import { isShared } from '../../src/core/profile/shared/shared.ts'
import { nothingTouched, type Touched } from '../../src/core/profile/view/touched.ts'
import { View, type ViewNode } from '../../src/core/profile/view/view.ts'
import { sha256 } from '../extraction.ts'
import type { Step } from './stage.ts'

export interface Graph {
  readonly view: View
  readonly policy: Policy
  readonly extraction: Extraction
  /** Profile id -> the member it was minted for, with an apostrophe for each id that member had before. */
  readonly mintedFor: Map<string, { readonly founder: string; readonly attempt: number }>
  /** Days that any sighting could matter for, both inclusive. */
  readonly days: readonly [first: number, last: number]
}

const mint = mintWith(sha256, 'secret')
const ROUNDS_MAX = 50
const DAYS_AROUND = 60

export function newGraph(policy: Policy, extraction: Extraction, facts: readonly Fact[]): Graph {
  const days = facts.map(({ at }) => dayOf(at))
  return {
    view: new View(),
    policy,
    extraction,
    mintedFor: new Map(),
    days: [Math.min(...days) - DAYS_AROUND, Math.max(...days) + DAYS_AROUND],
  }
}

/** Applies facts as one batch and decides what they touched. */
export function play(graph: Graph, facts: readonly Fact[]): void {
  const touched = nothingTouched()
  for (const fact of facts) {
    for (const { key, type } of fact.identifiers) {
      if (graph.policy.types.get(type)?.role === 'witness') knowCrowds(graph, key)
    }
    applyFact(graph.view, graph.policy, fact, touched)
  }
  settleAll(graph, touched)
}

/** A step of a scenario: its facts, batch by batch, or its decree. */
export function playStep(graph: Graph, { batches, dated }: Pick<Step, 'batches' | 'dated'>): void {
  for (const batch of batches) play(graph, batch)
  if (dated !== null) playDecree(graph, dated)
}

function playDecree(graph: Graph, decree: DatedDecree): void {
  const touched = nothingTouched()
  applyDecree(graph.view, graph.policy, decree, touched)
  settleAll(graph, touched)
}

/** Decides every member again; a policy may be given in the place of the graph's own. */
export function decideAgain(graph: Graph, policy = graph.policy): void {
  const touched = nothingTouched()
  for (const { key } of membersOf(graph)) touched.members.add(key)
  settleAll({ ...graph, policy }, touched)
}

function settleAll(graph: Graph, touched: Touched): void {
  const { view, policy } = graph
  const ids = idsFor(graph.mintedFor)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const needs = settle(view, policy, touched, ids)
    if (needs === null) return
    // A whole view misses only what no message ever named, as a verdict may.
    for (const key of needs.nodes) view.absent.add(key)
    absorbCrowds(view, policy, needs.crowds, [])
    for (const id of needs.profiles) if (!view.profiles.has(id)) view.profiles.set(id, null)
  }
  throw new Error('never settles')
}

function knowCrowds({ view, policy, days: [fromDay, toDay] }: Graph, identifier: string): void {
  if (view.crowds.has(identifier)) return
  absorbCrowds(view, policy, [{ identifier, fromDay, toDay }], [])
}

/** Ids as a server gives them; whom each was minted for is noted. */
export function idsFor(mintedFor: Graph['mintedFor']): Ids {
  const noted = (founder: string, attempt: number): string => {
    const id = mint(founder, attempt)
    mintedFor.set(id, { founder, attempt })
    return id
  }
  return {
    mint: Object.assign(noted, { prefix: mint.prefix }),
    question: (a, b) => `rev_${sha256(a + b).slice(0, 20)}`,
  }
}

export function membersOf({ view }: Graph): ViewNode[] {
  return [...view.nodes()].filter((node) => node.component !== '')
}

export function sharedCookies({ view, policy }: Graph): ViewNode[] {
  const pass = newPass(view, policy)
  return [...view.nodes()].filter((node) => node.type === 'cookie' && isShared(pass, node))
}

/** Where an id leads: to a live profile, or to null when all that was behind it was erased. */
export function leadsTo({ view }: Graph, id: string): string | null {
  const seen = new Set<string>()
  for (let at = id; ;) {
    const record = view.profiles.get(at)
    if (record === undefined || record === null) throw new Error(`${at} leads nowhere`)
    if (record.redirect === null) return record.size > 0 ? at : null
    if (seen.has(at)) throw new Error(`${id} leads round in circles`)
    seen.add(at)
    at = record.redirect
  }
}

/** What every decision must leave whole, in words; empty when it is, and when deciding all again changes nothing. */
export function unwhole(graph: Graph): string[] {
  const { view } = graph
  const wrong: string[] = []
  const sizes = new Map<string, number>()
  for (const node of membersOf(graph)) {
    sizes.set(node.profile, (sizes.get(node.profile) ?? 0) + 1)
    if (view.components.get(node.component)?.has(node.key) !== true)
      wrong.push(`${node.value} is not in its component`)
  }
  for (const [id, size] of sizes) {
    const record = view.profiles.get(id)
    const founder = view.node(record?.founder ?? '')
    if (record?.size !== size || record.redirect !== null) wrong.push(`${id} has not its members`)
    if (founder?.profile !== id) wrong.push(`${id} does not hold its founder`)
  }
  for (const [id, record] of view.profiles) {
    if (record === null) continue
    if (record.size > 0 && sizes.get(id) !== record.size) wrong.push(`${id} counts who is gone`)
    leadsTo(graph, id)
  }
  for (const { a, b } of view.questions.values()) {
    const [x, y] = [view.node(a), view.node(b)]
    if (x === undefined || y === undefined || x.profile === y.profile)
      wrong.push(`a question about what is settled: ${a} ${b}`)
  }
  const known = view.changes.length
  decideAgain(graph)
  const more = view.changes.slice(known)
  return [...wrong, ...more.map(({ event, reason }) => `decided again, ${event}: ${reason}`)]
}
