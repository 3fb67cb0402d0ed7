// What is too large to decide at once, and what was erased and comes again, while a resolver has little in memory: found
// by the law of shapes (src/batch/shapes.test.ts), kept here one by one.
import { expect, test } from 'vitest'
import { diceOf } from '../../test/chaos/random.ts'
import { messageOf } from '../../test/batch/engine.ts'
import { type Drawing, newDrawing, time } from '../../test/worlds/drawing.ts'
import { shapesPolicy } from '../../test/worlds/shaped-world.ts'
import { ids } from '../../test/worlds/small-world.ts'
import { createMemoryEventLog, createMemoryIdentityStore } from '../adapters/memory/index.ts'
import { SIGHTINGS_PER_DAY_MAX } from '../core/evidence/crowd.ts'
import type { Identifier, Key } from '../core/identifier/identifier.ts'
import type { Decree } from '../core/profile/apply-decree.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { SoleResolver } from './resolve-events.ts'

const ALL = 1_000_000

interface Live {
  readonly drawing: Drawing
  readonly store: IdentityStore
  /** Decides what was drawn since the last call, all of it at once. */
  take(): Promise<void>
  /** From then on nothing is in memory. */
  forget(): Promise<void>
  decree(decree: Decree): Promise<void>
  settle(): Promise<void>
  profiles(): Promise<ReadonlyMap<Key, string>>
}

async function begin(policy: Policy): Promise<Live> {
  const [log, store] = [createMemoryEventLog(), createMemoryIdentityStore()]
  const newResolver = (): SoleResolver => new SoleResolver({ log, store, policy, ids })
  let resolver = newResolver()
  const drawing = newDrawing(0, policy, diceOf(1))
  let taken = 0
  await resolver.catchUp()
  return {
    drawing,
    store,
    async take() {
      await log.append(drawing.facts.slice(taken).map(messageOf))
      taken = drawing.facts.length
      await resolver.catchUp()
    },
    async forget() {
      await resolver.flush()
      resolver = newResolver()
      await resolver.catchUp()
    },
    async decree(decision) {
      const id = `d${log.end()}`
      await log.append([{ kind: 'decision', id, at: 1, author: 'sam', decision }])
      await resolver.catchUp()
    },
    async settle() {
      while ((await resolver.decideWaiting(ALL)) > 0);
    },
    async profiles() {
      await resolver.flush()
      const nodes = await store.scanNodes('', ALL)
      return new Map(nodes.map(({ key, profile }) => [key, profile]))
    },
  }
}

test('on a path that waits link by link a message is taken, though nothing of it is in memory', async () => {
  const live = await begin(shapesPolicy(0.85))
  const line = Array.from({ length: 300 }, () => live.drawing.make('card'))
  for (const [n, one] of line.entries())
    if (n > 0) live.drawing.tie(line[n - 1] ?? one, one, 'alias')
  await live.take()
  await live.forget()
  live.drawing.tie(line[150] ?? live.drawing.any(), live.drawing.make('card'), 'alias')
  await live.take()
  await live.settle()
  expect((await live.store.counts()).waiting).toBe(0)
})

test('who waits does not share the id of a profile with who was decided', async () => {
  const policy = shapesPolicy(0.85)
  const live = await begin(policy)
  const { drawing } = live
  const [mailbox, card] = [drawing.make('email'), drawing.make('card')]
  const named = (count: number, day: (n: number) => number): void => {
    for (let n = 0; n < count; n++) {
      const cookie = drawing.make('cookie')
      drawing.say({ cookie, names: [mailbox], at: time(day(n)) })
      drawing.say({ cookie, names: [card], at: time(0) })
    }
  }
  named(10, (n) => n)
  await live.take()
  const before = await live.profiles()
  expect(before.get(card.key)).toBe(before.get(mailbox.key))
  // A card of too many, and around the mailbox too much to look at.
  named(policy.neighbourhoodIdentifiersMax, (n) => 10 + n)
  await live.take()
  const after = await live.profiles()
  expect(after.get(card.key)).not.toBe(after.get(mailbox.key))
  await live.settle()
  const sizes = new Map<string, number>()
  for (const id of (await live.profiles()).values()) sizes.set(id, (sizes.get(id) ?? 0) + 1)
  expect(Math.max(...sizes.values())).toBe(policy.profileIdentifiersMax)
})

test('a cookie that was erased and came again loses the anchor that is erased', async () => {
  const live = await begin(shapesPolicy(0.85))
  const { drawing } = live
  const [cookie, phone] = [drawing.make('cookie'), drawing.make('phone')]
  const erasure = (one: Identifier): Decree => ({ type: 'erasure', identifiers: [one.key] })
  drawing.say({ cookie, names: [phone] })
  await live.take()
  await live.decree(erasure(cookie))
  drawing.say({ cookie, names: [phone] })
  await live.take()
  await live.decree(erasure(phone))
  expect([...(await live.profiles()).keys()]).toEqual([cookie.key])
})

test('a witness that was erased and comes again has nobody of before in its crowd', async () => {
  const live = await begin(shapesPolicy(0.28))
  const { drawing } = live
  const [a, b, c] = [drawing.make('cookie'), drawing.make('cookie'), drawing.make('cookie')]
  const ip = drawing.make('ip')
  drawing.say({ cookie: a, witnesses: [ip] })
  await live.take()
  await live.forget()
  await live.decree({ type: 'erasure', identifiers: [ip.key] })
  for (const cookie of [b, c]) drawing.say({ cookie, witnesses: [ip] })
  await live.take()
  const profiles = await live.profiles()
  expect(profiles.get(b.key)).toBe(profiles.get(c.key))
  expect(profiles.get(a.key)).not.toBe(profiles.get(b.key))
})

test('of too many on one day nobody is joined, whether they are in memory or not; of one fewer somebody is', async () => {
  for (const forgets of [false, true]) {
    const live = await begin(shapesPolicy(0.28))
    const { drawing } = live
    const [ip, one] = [drawing.make('ip'), drawing.make('email')]
    const [a, b] = [drawing.make('cookie'), drawing.make('cookie')]
    const others = Array.from({ length: SIGHTINGS_PER_DAY_MAX - 1 }, () => drawing.make('cookie'))
    for (const [n, cookie] of others.entries()) {
      drawing.say({ cookie, witnesses: [ip], at: time(0, 5) })
      drawing.say({ cookie, names: [one], at: time(n) })
    }
    await live.take()
    if (forgets) await live.forget()
    for (const cookie of [a, b]) drawing.say({ cookie, witnesses: [ip], at: time(0, 20) })
    await live.take()
    await live.settle()
    const apart = await live.profiles()
    expect(apart.get(a.key)).not.toBe(apart.get(b.key))
    if (forgets) await live.forget()
    await live.decree({ type: 'erasure', identifiers: [others[0]?.key ?? ''] })
    await live.settle()
    const calm = await live.profiles()
    expect(calm.get(a.key)).toBe(calm.get(b.key))
  }
})
