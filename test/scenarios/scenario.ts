// Scenarios: tables of acts, each with the profiles that must stand after it, played through the real code.
// Every table is also played in other orders and at once, and must end the same: profiles follow from the facts alone.

import { describe, expect, test } from 'vitest'

import { ownersOf } from '../../src/core/profile/ownership.ts'
import type { Decreed } from './decrees.ts'
import { type Graph, newGraph, playStep, unwhole } from './graph.ts'
import type { Sent } from './messages.ts'
import { endOverStore } from './over-a-store.ts'
import { asIfNever, otherOrders } from './orders.ts'
import {
  asked,
  changesText,
  partitionText,
  questionsText,
  sharedCookiesOf,
  sharedText,
  tidied,
} from './reading.ts'
import { stage, type Stage, type Step } from './stage.ts'

interface Also {
  /** Open questions from here on, `guard one ? other`, by any member of each side. None until a row says so. */
  readonly asks?: readonly string[]
  /** Shared cookies from here on. None until a row says so. */
  readonly shared?: string
  /** Changes of profiles by this act, as in `merged #c-phone < #c-work`. Checked when given. */
  readonly says?: readonly string[]
}

/** When, what happens in words, what is sent or decreed, the profiles after it, and what else is seen. */
export type Row = readonly [
  when: string,
  what: string,
  act: Sent | readonly Sent[] | Decreed,
  profiles: string,
  also?: Also,
]

export interface Options {
  /** JSON of a configuration file; the defaults without it. */
  readonly settings?: unknown
  /** Whose the events of an act are in the end, by its time: a member of the owner's profile, or `nobody`. */
  readonly owners?: Readonly<Record<string, string>>
}

/** A table of acts. Profiles are sets of short names between bars; `#name:` before one says whose id it has. */
export function scenario(title: string, rows: readonly Row[], options: Options = {}): void {
  describe(`scenario: ${title}`, () => {
    const set = stage(rows, options.settings)
    const end = tidied(rows.at(-1)?.[3] ?? '', false)
    test('act by act', () => {
      const { seen, expected } = actByAct(set, rows, options)
      expect(seen).toEqual(expected)
    })
    test.each(otherOrders(set.steps))('the same in the end: $order', ({ steps }) => {
      const inOrder = played(set, set.steps)
      const graph = played(set, steps)
      expect(unwhole(graph)).toEqual([])
      expect(partitionText(graph, set.names, false)).toBe(end)
      expect(questionsText(graph, set.names)).toEqual(questionsText(inOrder, set.names))
    })
    test('the same over a store, restarted after every act', async () => {
      expect(await endOverStore(set.policy, set.steps, set.names)).toBe(end)
    })
    test.each(asIfNever(set.steps))('in the end as if there had never been $what', ({ steps }) => {
      expect(partitionText(played(set, steps), set.names, false)).toBe(end)
    })
  })
}

function played(set: Stage, steps: readonly Step[]): Graph {
  const graph = newGraph(set.policy, set.extraction, set.facts)
  for (const step of steps) playStep(graph, step)
  return graph
}

interface Scene {
  readonly act: string
  readonly profiles: string
  readonly asks: readonly string[]
  readonly shared: string
  readonly says: readonly string[]
  readonly unwhole: readonly string[]
}

interface Compared {
  readonly seen: (Scene | readonly string[])[]
  readonly expected: (Scene | readonly string[])[]
}

function actByAct(set: Stage, rows: readonly Row[], { owners = {} }: Options): Compared {
  const graph = newGraph(set.policy, set.extraction, set.facts)
  const compared: Compared = { seen: [], expected: [] }
  let asks: readonly string[] = []
  let shared = ''
  for (const [i, [when, what, , profiles, also = {}]] of rows.entries()) {
    const step = set.steps[i]
    const known = graph.view.changes.length
    if (step !== undefined) playStep(graph, step)
    const withIds = profiles.includes('#')
    asks = also.asks ?? asks
    shared = also.shared ?? shared
    const says = changesText(graph, set.names, known)
    compared.seen.push({
      act: `${when}, ${what}`,
      profiles: partitionText(graph, set.names, withIds),
      asks: questionsText(graph, set.names),
      shared: sharedText(graph, set.names),
      says: also.says === undefined ? [] : says,
      unwhole: unwhole(graph),
    })
    compared.expected.push({
      act: `${when}, ${what}`,
      profiles: tidied(profiles, withIds),
      asks: asked(graph, set.names, asks),
      shared: tidied(shared, false),
      says: also.says?.toSorted() ?? [],
      unwhole: [],
    })
  }
  compared.seen.push(Object.keys(owners).map((when) => ownerText(graph, set, when, owners)))
  compared.expected.push(Object.entries(owners).map(([when, owner]) => `${when} ${owner}`))
  return compared
}

/** The owner that is expected, if the act's events are all theirs; else that they are somebody else's. */
function ownerText(graph: Graph, set: Stage, when: string, owners: Options['owners'] = {}): string {
  const expected = owners[when] ?? 'nobody'
  const { view } = graph
  const shared = sharedCookiesOf(graph)
  const given = ownersOf(set.facts, set.policy, {
    profileOf: (key) => view.node(key)?.profile ?? null,
    isShared: (cookie) => shared.has(cookie),
  })
  const profile =
    expected === 'nobody' ? null : (view.node(set.names.keyOf(expected))?.profile ?? null)
  const facts = set.steps.find((step) => step.when === when)?.facts ?? []
  const theirs = facts.filter((fact) => given[set.facts.indexOf(fact)] === profile)
  const all = facts.length > 0 && theirs.length === facts.length
  return all ? `${when} ${expected}` : `${when} somebody else`
}
