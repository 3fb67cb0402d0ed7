// What others are told, while the graph goes back, publishers die and topics fail: whoever keeps of each profile what is
// above what they have, and what a later epoch says, ends with what the graph holds; and every id leads somewhere.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { ForgetfulStore } from '../../test/flows/forgetful-store.ts'
import { ids, smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import { createMemoryChangeTopics, createMemorySharedLog } from '../adapters/memory/index.ts'
import type { Fact } from '../core/edge/fact.ts'
import type { ChangeTopics, PublishedProfile } from '../ports/change-topics.ts'
import { StoreError } from '../ports/store-error.ts'
import { processLog } from './process-log.ts'
import { statesOf } from './published-states.ts'
import { publishChanges } from './publish-changes.ts'
import { SharedResolver } from './resolve-shared.ts'

const policy = smallPolicy(0.85)
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
const broken = (): StoreError => new StoreError('unavailable', 'as drawn', { retryable: true })

const met = { failures: 0, deaths: 0, goneBack: 0, redirected: 0 }

/** What a consumer has, that knows epochs by when it first met them. */
function kept(told: readonly { readonly id: string; readonly state: PublishedProfile | null }[]) {
  const epochs = new Map<string, number>()
  const has = new Map<string, PublishedProfile | null>()
  for (const { id, state } of told) {
    if (state === null) {
      has.set(id, null)
      continue
    }
    if (!epochs.has(state.epoch)) epochs.set(state.epoch, epochs.size)
    const [old, nth] = [has.get(id) ?? null, epochs.get(state.epoch) ?? 0]
    const before = epochs.get(old?.epoch ?? '') ?? -1
    if (nth > before || (nth === before && state.revision > (old?.revision ?? 0)))
      has.set(id, state)
  }
  return has
}

class World {
  readonly memory = createMemorySharedLog({ partitions: 2 })
  readonly log = this.memory.open()
  readonly topics = createMemoryChangeTopics()
  readonly store: ForgetfulStore
  readonly #dice: Dice
  readonly #publishers: AbortController[] = []
  readonly #running: Promise<void>[] = []
  readonly #processing = new AbortController()
  #calm = false

  constructor(dice: Dice) {
    this.#dice = dice
    this.store = new ForgetfulStore(() => false)
  }

  async process(): Promise<void> {
    const store = this.store.open()
    const rules = async () => ({ policy, position: 0, epoch: await store.epoch() })
    const resolver = await SharedResolver.open({ store, ids, rules, pause: turn })
    const reading = await this.log.share('g', { startAt: (source) => store.position(source) })
    const limits = { recordsMax: 1 + this.#dice(4), waitMs: 1, quietBatches: 2 }
    const parts = { reading, resolver, store, limits, pause: turn, now: Date.now }
    const told = (): void => undefined
    const reject = (): Promise<void> => Promise.resolve()
    this.#running.push(processLog({ ...parts, told, reject }, this.#processing.signal))
  }

  /** Another one publishes; the one before lives on, and may be about to tell something. */
  publish(): void {
    const stop = new AbortController()
    this.#publishers.push(stop)
    const fed = turn
    const running = publishChanges(
      {
        store: this.store.open(),
        topics: this.#failing(stop.signal),
        sharedUpTo: async (epoch) => this.store.sharedUpTo(epoch),
        ends: async () => this.log.ends(),
        isPublisher: () => this.#publishers.at(-1) === stop,
        fed,
        pause: turn,
        told: (told) => {
          if (told instanceof StoreError) met.failures++
        },
      },
      stop.signal,
    )
    this.#running.push(running)
  }

  replacePublisher(): void {
    if (this.#dice(2) === 0) {
      met.deaths++
      this.#publishers.at(-1)?.abort()
    }
    this.publish()
  }

  async goBack(): Promise<void> {
    met.goneBack++
    await this.store.goBack(Math.max(0, this.store.commits - 1 - this.#dice(8)))
  }

  /** Until nothing is told any more. */
  async settle(): Promise<void> {
    this.#calm = true
    for (let still = 0, before = -1, until = Date.now() + 5_000; still < 12;) {
      if (Date.now() > until) throw new Error('it is told without an end')
      await new Promise((done) => setTimeout(done, 2))
      const now = this.topics.profiles.length + this.store.commits
      still = now === before && (await this.#isApplied()) ? still + 1 : 0
      before = now
    }
    this.#processing.abort()
    for (const stop of this.#publishers) stop.abort()
    await Promise.all(this.#running)
    await this.log.close()
  }

  async #isApplied(): Promise<boolean> {
    const ends = [...(await this.log.ends())]
    const at = await Promise.all(ends.map(([source]) => this.store.inner.position(source)))
    return ends.every(([, end], nth) => at[nth] === end)
  }

  /**
   * A call that fails may have written a part of what it was to write. What a dead one had on its way is there or never
   * comes: it takes a while until its death is noticed.
   */
  #failing(death: AbortSignal): ChangeTopics {
    const { topics } = this
    const ill = (oneIn: number): boolean => !this.#calm && this.#dice(oneIn) === 0
    return {
      ...topics,
      publish: async (changes, profiles) => {
        await turn()
        if (death.aborted) throw broken()
        if (!ill(6)) return topics.publish(changes, profiles)
        const some = [...profiles].filter(() => this.#dice(2) === 0)
        await topics.publish(changes.slice(0, this.#dice(3)), new Map(some))
        throw broken()
      },
      last: async () => {
        if (ill(8)) throw broken()
        return topics.last()
      },
    }
  }
}

async function lived(facts: readonly Fact[], dice: Dice): Promise<World> {
  const world = new World(dice)
  await world.process()
  world.publish()
  for (const fact of facts) {
    await world.log.append([{ kind: 'message', fact, extractionVersion: 1, raw: '{}' }])
    for (let left = dice(12); left > 0; left--) await turn()
    const what = dice(10)
    if (what < 2) await world.goBack()
    if (what === 1 || what === 2) world.replacePublisher()
  }
  if (dice(2) === 0) await world.goBack()
  await world.settle()
  return world
}

/** Every change of the feed was told in an epoch that has it in common, and none of a profile before the one before it. */
async function expectChangesTold({ topics, store }: World): Promise<void> {
  const changes = await store.inner.changes(0, 100_000)
  const next = new Map<string, number>()
  for (const { epoch, ...change } of topics.changes) {
    if (change.sequence > (await store.sharedUpTo(epoch))) continue
    const its = changes.filter(({ profile }) => profile === change.profile)
    const nth = its.findIndex(({ sequence }) => sequence === change.sequence)
    expect(change).toEqual(its[nth])
    expect(nth).toBeLessThanOrEqual(next.get(change.profile) ?? 0)
    next.set(change.profile, Math.max(next.get(change.profile) ?? 0, nth + 1))
  }
  for (const one of new Set(changes.map(({ profile }) => profile)))
    expect(next.get(one)).toBe(changes.filter(({ profile }) => profile === one).length)
}

async function expectStatesTold({ topics, store }: World): Promise<void> {
  const has = kept(topics.profiles)
  const everTold = [...new Set(topics.profiles.map(({ id }) => id))]
  const now = await statesOf(store.inner, everTold, '')
  for (const [id, state] of now) {
    const answer = await store.inner.profile(id)
    expect(`${id}: ${answer?.profile.size ?? 0}`).not.toBe(`${id}: 0`)
    expect({ ...has.get(id), epoch: '', asOf: 0 }).toEqual({ ...state, asOf: 0 })
  }
  const live = await store.inner.scanNodes('', 100_000)
  const untold = live.filter(({ profile }) => profile !== '' && !now.has(profile))
  expect(untold).toEqual([])
  const lineage = new Set((await store.inner.changes(0, 100_000)).flatMap(({ profile }) => profile))
  met.redirected += everTold.filter((id) => !lineage.has(id)).length
}

const numbers = fc.array(fc.nat(1000), { minLength: 50, maxLength: 50 })

test('whoever keeps what is above what they have ends with what the graph holds', async () => {
  await fc.assert(
    fc.asyncProperty(smallWorld, numbers, async (facts, drawn) => {
      const world = await lived(facts, diceOf(drawn))
      await expectChangesTold(world)
      await expectStatesTold(world)
    }),
    // To make a failure smaller would take minutes: timing is in it.
    { endOnFailure: true },
  )
  expect(Math.min(...Object.values(met))).toBeGreaterThan(0)
})
