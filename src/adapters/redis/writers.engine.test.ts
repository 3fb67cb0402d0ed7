// Several processes on one graph: who comes second conflicts, all hear of news, and a membership is of one moment.
import { expect, test, vi } from 'vitest'

import { ownRedis } from '../../../test/engines/own-redis.ts'
import { account, digest } from '../../../test/file-log/directory.ts'
import { profileId, samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import {
  commitOf,
  committed,
  LIMITS,
  loaded,
  together,
} from '../../ports/conformance/identity-store.subject.ts'
import { openRedisStore, type RedisStore } from './index.ts'

const redis = ownRedis()
const { people, node, profile, key, edge, sighting, change, witnesses } = samplesOf({
  account,
  digest,
})

async function withStores(
  name: string,
  work: (first: RedisStore, second: RedisStore) => Promise<void>,
): Promise<void> {
  const stores = [0, 1].map(() => openRedisStore(redis().url, { account: name }))
  const [first, second] = await Promise.all(stores)
  if (first === undefined || second === undefined) throw new Error('two were opened')
  await work(first, second)
  await Promise.all([first.close(), second.close()])
}

test('of two that write the same at once one is taken', () =>
  withStores('racing', async (first, second) => {
    for (let before = 0; before < 50; before++) {
      const commit = commitOf(before, people(`cookie:${before}`))
      const answers = await Promise.all([first.commit(commit), second.commit(commit)])
      expect(answers.toSorted()).toEqual(['committed', 'conflict'])
    }
    expect((await second.counts()).identifiers).toBe(50)
  }))

test('all hear of rows of the feed, and of nothing else', () =>
  withStores('hearing', async (first, second) => {
    const heard = vi.fn<() => void>()
    const end = second.whenFed(heard)
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1))
    await committed(first, people('cookie:1'))
    await committed(first, { changes: [change('cookie:1', 1)] })
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2))
    expect(await second.feedEnd()).toBe(1)
    end()
    await committed(first, { changes: [change('cookie:1', 2)] })
    expect(heard).toHaveBeenCalledTimes(2)
  }))

test('a membership is of one moment, though others write meanwhile', () =>
  withStores('moving', async (first, second) => {
    const names = Array.from({ length: 3_000 }, (_, i) => `cookie:${i}`)
    await committed(first, ...names.map((name) => people(name)))
    const state = { isOver: false, commits: 0 }
    // Each commit moves one cookie to the profile of another, which all earlier ones are in.
    const writing = (async () => {
      for (let at = 1; at < names.length && !state.isOver; at++) {
        const moved = node(names[at] ?? '', { version: 1, profile: profileId('cookie:0') })
        const left = profile(names[at] ?? '', { version: 1, size: 0 })
        const grown = profile('cookie:0', { version: at, size: at + 1, revision: at + 1 })
        await committed(first, { nodes: [moved], profiles: [left, grown] })
        state.commits++
      }
    })()
    for (let round = 0; round < 5; round++) {
      const { members, profileOf, ids, revisions, position } = await second.membership()
      const hub = ids.indexOf(profileId('cookie:0'))
      const inHub = profileOf.filter((one) => one === hub).length
      expect(members.length).toBe(names.length)
      expect(inHub).toBe(position)
      expect(revisions[hub]).toBe(position)
      expect(profileOf.includes(-1)).toBe(false)
    }
    state.isOver = true
    await writing
    expect(state.commits).toBeGreaterThan(5)
  }))

test('an e-mail of thousands and an overfull day make no long value', () =>
  withStores('crowded', async (store) => {
    const cookies = Array.from({ length: 6_000 }, (_, i) => `cookie:${i}`)
    await committed(store, people('email:hub'), witnesses('ip:hub'))
    for (let at = 0; at < cookies.length; at += 1_000) {
      const some = cookies.slice(at, at + 1_000)
      await committed(store, ...some.map((name) => people(name)), {
        edges: some.map((name) => edge(name, 'email:hub', 'login')),
        sightings: some.map((name) => sighting('ip:hub', name)),
      })
    }
    const over = await loaded(store, [key('email:hub'), key('cookie:7')])
    expect([over.over, over.edges.length]).toEqual([[key('email:hub')], 1])
    const whole = await loaded(store, [key('email:hub')], { componentEdgesMax: Infinity })
    expect(whole.edges.length).toBe(6_000)
    const crowds = [{ identifier: key('ip:hub'), fromDay: 0, toDay: Infinity }]
    const { sightings } = await store.load({ nodes: [], crowds, profiles: [] }, LIMITS)
    const first = cookies.map(key).toSorted().slice(0, 101)
    expect(sightings.map(({ from }) => from)).toEqual(first)
    for (const name of ['into', 'seen', 'out', 'loose']) {
      const values = (await redis().ask('HVALS', `{crowded}:main:${name}`)) as readonly string[]
      expect(Math.max(...values.map((value) => value.length))).toBeLessThan(2_000)
    }
    await committed(store, { nodesRemoved: [key('email:hub'), key('ip:hub')] })
    expect((await store.counts()).edges).toBe(0)
    expect(await redis().ask('HLEN', '{crowded}:main:into')).toBe(0)
    expect(await redis().ask('HLEN', '{crowded}:main:seen')).toBe(0)
  }))

test('a commit of nothing but what was read is taken as long as that stands', () =>
  withStores('reading', async (first, second) => {
    await committed(first, people('cookie:1'))
    const reading = { applied: [], ...together([{ read: [{ key: key('cookie:1'), version: 1 }] }]) }
    expect(await second.commit(reading)).toBe('committed')
    await committed(first, { nodes: [node('cookie:1', { version: 1 })] })
    expect(await second.commit(reading)).toBe('conflict')
  }))
