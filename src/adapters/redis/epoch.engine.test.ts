// A Redis that comes back without its latest commits: positions are the older ones, and the feed has another epoch.
import { expect, test } from 'vitest'

import { cutTo, writtenBy } from '../../../test/engines/append-only-file.ts'
import { ownRedis } from '../../../test/engines/own-redis.ts'
import { account, digest } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { commitOf, committed } from '../../ports/conformance/identity-store.subject.ts'
import { openRedisStore } from './index.ts'

const redis = ownRedis(['--appendfsync', 'always', '--aof-load-truncated', 'yes'])
const { people, change } = samplesOf({ account, digest })

test('after a loss the positions are older, the epoch is another, and what was expected conflicts', async () => {
  const store = await openRedisStore(redis().url, { account: 'lossy', deadlineMs: 20_000 })
  await committed(store, people('cookie:1'), { changes: [change('cookie:1', 1)] })
  const epoch = await store.epoch()
  expect(await store.sharedUpTo(epoch)).toBe(Infinity)
  const kept = await writtenBy(redis())
  await committed(store, people('cookie:2'), { changes: [change('cookie:2', 1)] })
  await committed(store, people('cookie:3'))
  expect([await store.position('log'), await store.feedEnd()]).toEqual([3, 2])

  await redis().kill()
  // As after a second that was not flushed: the second commit is cut through.
  await cutTo(redis(), kept + 40)
  await redis().restart()

  const next = commitOf(3, people('cookie:4'))
  expect(await store.commit(next)).toBe('conflict')
  expect([await store.position('log'), await store.feedEnd()]).toEqual([1, 1])
  expect((await store.counts()).identifiers).toBe(1)
  const after = await store.epoch()
  expect(after).toMatch(/^[a-z0-9]{6,20}$/)
  expect(after > epoch).toBe(true)
  expect([await store.sharedUpTo(epoch), await store.sharedUpTo(after)]).toEqual([1, Infinity])
  expect(await store.sharedUpTo('unknown')).toBe(0)
  await committed(store, people('cookie:2'), { changes: [change('cookie:2', 1)] })
  expect([await store.position('log'), await store.epoch()]).toEqual([2, after])
  // What it has lost stays lost, however often it is started again.
  await redis().restart()
  expect(await store.epoch()).not.toBe(after)
  expect([await store.sharedUpTo(epoch), await store.sharedUpTo(after)]).toEqual([1, 2])
  await store.close()
})

test('half a commit, which a log cut off and not mended comes to, is told as damage', async () => {
  const options = { account: 'torn', deadlineMs: 20_000 }
  const cookies = Array.from({ length: 20 }, (_, i) => people(`cookie:${i}`))
  const store = await openRedisStore(redis().url, options)
  await committed(store, people('email:a'))
  const kept = await writtenBy(redis())
  await committed(store, ...cookies)
  await store.close()
  await redis().kill()
  await cutTo(redis(), Math.floor((kept + (await writtenBy(redis()))) / 2))
  await redis().restart()
  const after = await openRedisStore(redis().url, options)
  expect((await after.counts()).identifiers).toBe(1)
  await committed(after, people('email:b'))
  await after.close()
  // Redis has left the beginning of that commit in its log, and takes what came next for its end.
  await redis().restart()
  await expect(openRedisStore(redis().url, options)).rejects.toMatchObject({
    code: 'corrupt',
    retryable: false,
  })
})

test('it stays over openings, rises with each graph of the account and with each start of Redis', async () => {
  const open = (namespace: string) => openRedisStore(redis().url, { account: 'rising', namespace })
  const epochOf = async (namespace: string): Promise<string> => {
    const store = await open(namespace)
    const epoch = await store.epoch()
    await store.close()
    return epoch
  }
  const first = await epochOf('main')
  const second = await epochOf('rebuilt')
  expect([await epochOf('main'), await epochOf('rebuilt')]).toEqual([first, second])
  await redis().restart()
  const third = await epochOf('main')
  const fourth = await epochOf('rebuilt')
  const all = [first, second, third, fourth]
  expect(new Set(all).size).toBe(4)
  expect(all.toSorted()).toEqual(all)
  expect(new Set(all.map((one) => one.length)).size).toBe(1)
})

test('a graph of a newer version is not opened', async () => {
  const store = await openRedisStore(redis().url, { account: 'newer' })
  await store.close()
  await redis().ask('HSET', '{newer}:main:meta', 'format', '99')
  await expect(openRedisStore(redis().url, { account: 'newer' })).rejects.toMatchObject({
    code: 'newer_version',
    retryable: false,
  })
})
