// Decisions that came too early: in which order what was delivered is let go, and when.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { StoredRecord } from '../ports/event-log.ts'
import type { Delivered, Poisoned } from '../ports/shared-log.ts'
import { HeldDecisions } from './held-decisions.ts'

const SOURCES = ['decisions/0', 'decisions/1', 'events/0'] as const
type Source = (typeof SOURCES)[number]

interface Entry {
  /** What the author had seen of another source; null for what nobody decided. */
  readonly after: { readonly source: Source; readonly seen: number } | null
  readonly isPoison: boolean
}

const entryArb = fc.record({
  after: fc.option(fc.record({ source: fc.constantFrom<Source>(...SOURCES), seen: fc.nat(14) })),
  isPoison: fc.constantFrom(false, false, false, true),
})

const logArb = fc.array(fc.array(entryArb, { maxLength: 12 }), { minLength: 3, maxLength: 3 })
/** How many of which source come next; after some of them a source is read from elsewhere, or is gone for a while. */
const stepsArb = fc.array(
  fc.record({
    source: fc.constantFrom<Source>(...SOURCES),
    count: fc.integer({ min: 1, max: 5 }),
    next: fc.constantFrom('go on', 'go on', 'again', 'stray', 'fail'),
  }),
  { minLength: 20, maxLength: 40 },
)

function recordOf({ after }: Entry, position: number): StoredRecord {
  return {
    kind: 'decision',
    id: `d${position}`,
    at: 0,
    author: 'steward',
    decision: { type: 'release', identifier: '', note: '' },
    position,
    after: after === null ? {} : { [after.source]: after.seen },
  }
}

function poisonOf(source: Source, position: number): Poisoned {
  return { source, position, reason: 'not_json', detail: '', at: 0, raw: null }
}

function delivered(source: Source, log: readonly Entry[], after: number, count: number): Delivered {
  const taken = log.slice(after, after + count)
  const upTo = after + taken.length
  const placed = taken.map((entry, at) => ({ entry, position: after + at + 1 }))
  return {
    source,
    after,
    records: placed.flatMap(({ entry, position }) =>
      entry.isPoison ? [] : [recordOf(entry, position)],
    ),
    poisoned: placed.flatMap(({ entry, position }) =>
      entry.isPoison ? [poisonOf(source, position)] : [],
    ),
    upTo,
    end: log.length,
    arrivedAt: 0,
  }
}

/** One reader with what it holds back, and a store that applies what is let go. */
class Applying {
  readonly applied = new Map<Source, number>(SOURCES.map((source) => [source, 0]))
  readonly read = new Map<Source, number>(SOURCES.map((source) => [source, 0]))
  readonly held = new HeldDecisions((source) =>
    Promise.resolve(this.applied.get(source as Source) ?? 0),
  )
  readonly #log: ReadonlyMap<Source, readonly Entry[]>

  constructor(log: ReadonlyMap<Source, readonly Entry[]>) {
    this.#log = log
  }

  async come(source: Source, count: number): Promise<void> {
    const one = delivered(source, this.#log.get(source) ?? [], this.read.get(source) ?? 0, count)
    this.read.set(source, one.upTo)
    const before = new Map(this.applied)
    for (const due of await this.held.due(one.upTo > one.after ? [one] : []))
      this.#apply(due, before)
  }

  #apply(due: Delivered, before: ReadonlyMap<Source, number>): void {
    const source = due.source as Source
    expectDue(due, this.#log.get(source) ?? [], this.applied.get(source) ?? 0, before)
    this.applied.set(source, due.upTo)
  }
}

/** In order, whole, each once; and nothing before what its author had seen was applied. */
function expectDue(
  due: Delivered,
  log: readonly Entry[],
  applied: number,
  before: ReadonlyMap<Source, number>,
): void {
  expect(due.after).toBe(applied)
  const whole = delivered(due.source as Source, log, due.after, due.upTo - due.after)
  expect({ ...due }).toEqual({ ...whole, arrivedAt: due.arrivedAt })
  for (const at of due.records.map(({ position }) => position - 1)) {
    const after = log[at]?.after
    const seen = after === null || after === undefined ? 0 : before.get(after.source)
    expect(seen).toBeGreaterThanOrEqual(after?.seen ?? 0)
  }
}

/** Whether what is applied is as far as it can be: the next of each source must not be applied yet. */
function isDone(log: ReadonlyMap<Source, readonly Entry[]>, applied: ReadonlyMap<Source, number>) {
  return [...log].every(([source, entries]) => {
    const next = entries.slice(applied.get(source)).find(({ isPoison }) => !isPoison)
    return (
      applied.get(source) === entries.length ||
      (next?.after !== null &&
        next?.after !== undefined &&
        (applied.get(next.after.source) ?? 0) < next.after.seen)
    )
  })
}

test('of each source everything is let go in order and once, when all it waits for is applied', async () => {
  await fc.assert(
    fc.asyncProperty(logArb, stepsArb, async (entries, steps) => {
      const log = new Map(SOURCES.map((source, at) => [source, entries[at] ?? []]))
      const one = new Applying(log)
      for (const { source, count, next } of steps) {
        await one.come(source, count)
        // Lost and got again, without a word to the one that holds back; told; everything after a failure.
        const again = next === 'fail' ? SOURCES : next === 'go on' ? [] : [source]
        for (const name of again) one.read.set(name, one.applied.get(name) ?? 0)
        if (next === 'stray') one.held.forget(source)
        if (next === 'fail') one.held.forgetAll()
        if (next === 'again') await one.come(source, count)
      }
      for (let turn = 0; turn < 60; turn++) await one.come(SOURCES[turn % 3] ?? 'events/0', 20)
      expect(isDone(log, one.applied)).toBe(true)
      const isHeld = SOURCES.some((source) => one.applied.get(source) !== log.get(source)?.length)
      expect(one.held.isEmpty).toBe(!isHeld)
    }),
  )
})

test('what is held of sources that somebody else reads now is forgotten', async () => {
  let applied = 0
  const held = new HeldDecisions(() => Promise.resolve(applied))
  const entry: Entry = { after: { source: 'events/0', seen: 1 }, isPoison: false }
  const came = (['decisions/0', 'decisions/1'] as const).map((source) =>
    delivered(source, [entry], 0, 1),
  )
  expect(await held.due(came)).toEqual([])
  held.forgetAllBut(new Set(['decisions/1']))
  applied = 1
  expect((await held.due([])).map(({ source }) => source)).toEqual(['decisions/1'])
})
