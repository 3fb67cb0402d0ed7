// Many resolvers on one graph: whoever reads which part of the facts, and whatever comes in between, the profiles are those
// of one quiet run, and every fact counts once.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nothingBut, tallyOf } from '../../test/flows/graph-told.ts'
import { decreeArb, told, type Told } from '../../test/worlds/decrees.ts'
import { ids, smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import { createMemoryIdentityStore } from '../adapters/memory/index.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import type { ResolvableRecord } from './apply-records.ts'
import { SharedResolver } from './resolve-shared.ts'

const SOURCES = ['events/0', 'events/1', 'events/2', 'decisions/0'] as const
const DECISIONS = 'decisions/0'

/** Small whole numbers, drawn from a list without end. */
type Dice = (below: number) => number

function diceOf(numbers: readonly number[]): Dice {
  let at = 0
  return (below) => {
    at++
    return ((numbers[at % numbers.length] ?? 0) + at * 7) % below
  }
}

/** A record, and up to where its author had seen every source. */
interface Stood {
  readonly record: ResolvableRecord
  readonly seen: ReadonlyMap<string, number>
}

/** Facts dealt to partitions; decrees in a source of their own. */
function dealt(story: readonly Told[], dice: Dice): ReadonlyMap<string, readonly Stood[]> {
  const log = new Map<string, Stood[]>(SOURCES.map((source) => [source, []]))
  const put = (source: string, record: (position: number) => ResolvableRecord): void => {
    const own = log.get(source) ?? []
    const seen = new Map([...log].map(([name, all]) => [name, all.length]))
    own.push({ record: record(own.length + 1), seen })
  }
  for (const [i, { facts, decree }] of story.entries()) {
    for (const fact of facts)
      put(SOURCES[dice(3)] ?? '', (position) => ({ kind: 'message', fact, position }))
    if (decree !== null)
      put(DECISIONS, (position) => ({
        kind: 'decision',
        id: `d${i}`,
        at: 0,
        author: 'steward',
        decision: decree,
        position,
      }))
  }
  return log
}

/** Lets others in between, a few times or not at all. */
function unhurried(store: IdentityStore, dice: Dice): IdentityStore {
  const turns = async (): Promise<void> => {
    for (let left = dice(4); left > 0; left--) await new Promise((done) => setImmediate(done))
  }
  return {
    ...store,
    load: async (...args) => {
      await turns()
      const loaded = await store.load(...args)
      await turns()
      return loaded
    },
    commit: async (commit) => {
      await turns()
      const answer = await store.commit(commit)
      await turns()
      return answer
    },
  }
}

/** One that takes parts of any source, from where it thinks it is, and now and then dies and is replaced. */
async function work(
  store: IdentityStore,
  policy: Policy,
  log: ReadonlyMap<string, readonly Stood[]>,
  dice: Dice,
): Promise<number> {
  const open = (): Promise<SharedResolver> =>
    SharedResolver.open({
      store,
      ids,
      rules: async () => ({ policy, position: 0, epoch: await store.epoch() }),
      pause: () => new Promise((done) => setImmediate(done)),
    })
  const at = new Map<string, number>()
  let [resolver, conflicts] = [await open(), 0]
  const died = async (): Promise<void> => {
    conflicts += resolver.contention.conflicts
    resolver = await open()
    at.clear()
  }
  for (;;) {
    const positions = new Map<string, number>()
    for (const source of SOURCES) positions.set(source, await store.position(source))
    if (SOURCES.every((source) => positions.get(source) === log.get(source)?.length)) break
    const source = SOURCES[dice(SOURCES.length)] ?? ''
    const from = at.get(source) ?? positions.get(source) ?? 0
    const stood = (log.get(source) ?? []).slice(from, from + 1 + dice(6))
    // What a steward says is applied after what the steward has seen.
    const late = stood.findIndex(({ seen }) =>
      source === DECISIONS
        ? [...seen].some(([name, end]) => (positions.get(name) ?? 0) < end && name !== DECISIONS)
        : false,
    )
    const records = (late < 0 ? stood : stood.slice(0, late)).map(({ record }) => record)
    const to = from + records.length
    for (const stray of await resolver.take([{ source, from, to, records }]))
      at.set(stray.source, stray.position)
    if (!at.has(source) || at.get(source) === from) at.set(source, to)
    if (dice(9) === 0) await died()
    if (dice(5) === 0) at.delete(source)
  }
  await resolver.flush()
  return conflicts + resolver.contention.conflicts
}

const numbers = fc.array(fc.nat(1000), { minLength: 50, maxLength: 50 })

test.each([0.85, 0.28, 'learned'] as const)(
  'three resolvers that take turns and die come to the profiles of one (%s)',
  async (merge) => {
    const policy = smallPolicy(merge)
    let conflicts = 0
    await fc.assert(
      fc.asyncProperty(
        smallWorld,
        fc.array(decreeArb, { maxLength: 5 }),
        numbers,
        async (facts, decrees, drawn) => {
          const dice = diceOf(drawn)
          const story = told(facts, decrees)
          const log = dealt(story, dice)
          const store = createMemoryIdentityStore()
          const slow = unhurried(store, dice)
          const all = await Promise.all([1, 2, 3].map(() => work(slow, policy, log, dice)))
          conflicts += all.reduce((sum, one) => sum + one, 0)
          const alone = createMemoryIdentityStore()
          await nothingBut(alone, policy, story)
          expect(await tallyOf(store)).toEqual(await tallyOf(alone))
        },
      ),
    )
    expect(conflicts).toBeGreaterThan(0)
  },
)
