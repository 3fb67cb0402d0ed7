// Several processors share a log that fails, over a store that fails and goes back, and come and go themselves: in the end
// the graph is that of one quiet run, every fact counts once, and what could not be understood was told.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ForgetfulStore } from '../../test/flows/forgetful-store.ts'
import { nothingBut, tallyOf } from '../../test/flows/graph-told.ts'
import { decreeArb, told, type Told } from '../../test/worlds/decrees.ts'
import { ids, smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import { createMemoryIdentityStore, createMemorySharedLog } from '../adapters/memory/index.ts'
import type { MemorySharedLog } from '../adapters/memory/index.ts'
import type { LogRecord } from '../ports/event-log.ts'
import type { SharedLog, SharedReading } from '../ports/shared-log.ts'
import { StoreError } from '../ports/store-error.ts'
import { type Processed, processLog } from './process-log.ts'
import { SharedResolver } from './resolve-shared.ts'

const policy = smallPolicy(0.85)
const GROUP = 'processors'

/** Small whole numbers, drawn from a list without end. */
type Dice = (below: number) => number

function diceOf(numbers: readonly number[]): Dice {
  let at = 0
  return (below) => {
    at++
    return ((numbers[at % numbers.length] ?? 0) + at * 7) % below
  }
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

interface Processor {
  readonly reading: SharedReading
  readonly stop: AbortController
  readonly done: Promise<void>
}

/** What went wrong, so that a run in which nothing did is seen. */
const met = { failures: 0, poisoned: 0, deaths: 0, goneBack: 0, conflicts: 0 }

class Crew {
  readonly memory: MemorySharedLog = createMemorySharedLog({ partitions: 4 })
  readonly log: SharedLog = this.memory.open()
  readonly store: ForgetfulStore
  /** What nobody throws on purpose. */
  readonly defects: unknown[] = []
  readonly rejected = new Set<string>()
  readonly poison = new Set<string>()
  readonly told: Processed[] = []
  readonly #dice: Dice
  readonly #processors: Processor[] = []
  #calm = false

  constructor(dice: Dice) {
    this.#dice = dice
    this.store = new ForgetfulStore(() => this.#ill(25))
  }

  get size(): number {
    return this.#processors.length
  }

  async join(): Promise<void> {
    const store = this.store.open()
    const pause = turn
    const startAt = async (source: string) => this.store.inner.position(source)
    const reading = this.#failing(await this.log.share(GROUP, { startAt }))
    const rules = async () => ({ policy, position: 0, epoch: await this.store.inner.epoch() })
    const resolver = await SharedResolver.open({ store, ids, rules, pause })
    const stop = new AbortController()
    const limits = { recordsMax: 1 + this.#dice(8), waitMs: 1, quietBatches: 2 }
    const done = processLog(
      {
        reading: reading.failing,
        resolver,
        store,
        limits,
        pause,
        now: Date.now,
        told: (processed) => this.#hear(processed),
        reject: async (poisoned) => {
          if (this.#ill(9)) throw broken()
          for (const { source, position } of poisoned) this.rejected.add(`${source} ${position}`)
          await turn()
        },
      },
      stop.signal,
    )
      .catch((cause: unknown) => {
        if (!(cause instanceof StoreError)) this.defects.push(cause)
      })
      .then(async () => {
        met.conflicts += resolver.contention.conflicts
        await reading.reading.close()
      })
    this.#processors.push({ reading: reading.reading, stop, done })
  }

  /** One goes; as it should, or at once. What it was just storing is stored or not. */
  async leave(how: 'leave' | 'die'): Promise<void> {
    const [one] = this.#processors.splice(this.#dice(this.#processors.length), 1)
    if (one === undefined) return
    if (how === 'leave') one.stop.abort()
    else this.memory.kill(one.reading)
    met.deaths++
    await turn()
  }

  async goBack(): Promise<void> {
    met.goneBack++
    await this.store.goBack(Math.max(0, this.store.commits - this.#dice(6)))
  }

  putPoison(): void {
    const source = `events/${this.#dice(4)}`
    met.poisoned++
    this.poison.add(`${source} ${this.memory.poison(source, 'not_json')}`)
  }

  /** Nothing goes wrong any more, and all that is in the log is in the store. */
  async settle(): Promise<void> {
    this.#calm = true
    const until = Date.now() + 5_000
    for (;;) {
      if (this.defects.length > 0) break
      const ends = [...(await this.log.ends())]
      const at = await Promise.all(ends.map(([source]) => this.store.inner.position(source)))
      if (ends.every(([, end], nth) => at[nth] === end)) break
      if (Date.now() > until) throw new Error(`stuck at ${at.join()} of ${ends.join()}`)
      await new Promise((done) => setTimeout(done, 1))
    }
    for (const { stop } of this.#processors) stop.abort()
    await Promise.all(this.#processors.map(({ done }) => done))
  }

  #hear(processed: Processed): void {
    if (processed.failure !== null) met.failures++
    this.told.push(processed)
  }

  #ill(oneIn: number): boolean {
    return !this.#calm && this.#dice(oneIn) === 0
  }

  #failing(reading: SharedReading): { reading: SharedReading; failing: SharedReading } {
    const failing: SharedReading = {
      sources: () => reading.sources(),
      seek: (source, position) => reading.seek(source, position),
      applied: (source, position) => reading.applied(source, position),
      close: () => reading.close(),
      next: async (limits) => {
        if (this.#ill(15)) throw broken()
        return reading.next(limits)
      },
    }
    return { reading, failing }
  }
}

function broken(): StoreError {
  return new StoreError('unavailable', 'as drawn', { retryable: true })
}

async function recordsOf(
  { facts, decree }: Told,
  nth: number,
  log: SharedLog,
): Promise<LogRecord[]> {
  const messages = facts.map((fact): LogRecord => ({
    kind: 'message',
    fact,
    extractionVersion: 1,
    raw: '{}',
  }))
  if (decree === null) return messages
  const after = Object.fromEntries(await log.ends())
  const decision = { id: `d${nth}`, at: 0, author: 'steward', decision: decree, after }
  return [...messages, { kind: 'decision', ...decision }]
}

async function live(story: readonly Told[], dice: Dice): Promise<Crew> {
  const crew = new Crew(dice)
  const goal = 2 + dice(3)
  for (const [nth, one] of story.entries()) {
    while (crew.size < goal) await crew.join()
    await crew.log.append(await recordsOf(one, nth, crew.log))
    if (dice(6) === 0) crew.putPoison()
    for (let left = dice(12); left > 0; left--) await turn()
    const what = dice(14)
    if (what === 0) await crew.leave('leave')
    if (what === 1) await crew.leave('die')
    if (what === 2) await crew.join()
    if (what === 3) await crew.goBack()
  }
  while (crew.size < goal) await crew.join()
  await turn()
  // Nothing comes any more that would make somebody see it.
  if (dice(2) === 0) await crew.goBack()
  await crew.settle()
  return crew
}

const numbers = fc.array(fc.nat(1000), { minLength: 50, maxLength: 50 })

test('processors that come, go, die and fail, over a store that goes back, make the graph of one', async () => {
  await fc.assert(
    fc.asyncProperty(
      smallWorld,
      fc.array(decreeArb, { maxLength: 5 }),
      numbers,
      async (facts, decrees, drawn) => {
        const story = told(facts, decrees)
        const crew = await live(story, diceOf(drawn))
        expect(crew.defects).toEqual([])
        const alone = createMemoryIdentityStore()
        await nothingBut(alone, policy, story)
        expect(await tallyOf(crew.store.inner)).toEqual(await tallyOf(alone))
        expect([...crew.poison].filter((one) => !crew.rejected.has(one))).toEqual([])
        expect([...crew.rejected].filter((one) => !crew.poison.has(one))).toEqual([])
        // Behind the end of a source there is nothing to wait for.
        const lags = crew.told.flatMap(({ lag }) => [...lag.values()])
        expect(Math.max(0, ...lags)).toBeLessThanOrEqual(story.length + crew.poison.size)
      },
    ),
    // To make a failure smaller would take minutes: timing is in it.
    { endOnFailure: true },
  )
  expect(Math.min(...Object.values(met))).toBeGreaterThan(0)
})
