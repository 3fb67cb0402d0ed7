// What a store says when Redis cannot: the kind of trouble, whether to try again, and never the password.
import { inspect } from 'node:util'
import { expect, test, vi } from 'vitest'

import { ownRedis, type OwnRedis } from '../../../test/engines/own-redis.ts'
import { account, digest } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { commitOf, committed, loaded } from '../../ports/conformance/identity-store.subject.ts'
import { openRedisStore, type RedisStore } from './index.ts'

const redis = ownRedis()
const small = ownRedis(['--maxmemory', '6mb', '--maxmemory-policy', 'noeviction'])
const evicting = ownRedis(['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'])
const guarded = ownRedis()
const { people, node, key } = samplesOf({ account, digest })
const PASSWORD = 'Very-Secret-4711'

async function withStore(
  server: OwnRedis,
  deadlineMs: number,
  work: (store: RedisStore) => Promise<void>,
): Promise<void> {
  const store = await openRedisStore(server.url, { account, deadlineMs })
  await work(store)
  await store.close()
}

test('a full memory is said so, nothing of the commit is written, reading goes on, and so does it once there is room', () =>
  withStore(small(), 5_000, async (store) => {
    const value = 'x'.repeat(10_000)
    const fill = async (): Promise<number> => {
      for (let at = 0; ; at += 10) {
        const nodes = Array.from({ length: 10 }, (_, i) => node(`ip:${at + i}`, { value }))
        const answer = await store
          .commit(commitOf(at / 10, { nodes }))
          .catch((error: unknown) => error)
        if (answer === 'committed') continue
        expect(answer).toMatchObject({ code: 'full', retryable: true })
        return at
      }
    }
    const count = await fill()
    expect(count).toBeGreaterThan(0)
    expect((await store.counts()).identifiers).toBe(count)
    expect(await store.position('log')).toBe(count / 10)
    expect((await loaded(store, [key('ip:0')])).nodes.length).toBe(1)
    await small().ask('CONFIG', 'SET', 'maxmemory', '32mb')
    await committed(store, people('cookie:1'))
  }))

test('a Redis that throws keys away is refused, with the way out', async () => {
  const refused = openRedisStore(evicting().url, { account })
  await expect(refused).rejects.toThrow('set maxmemory-policy to noeviction')
  await expect(refused).rejects.toMatchObject({ code: 'unavailable', retryable: false })
})

test('a password that is not accepted is said at once, and without it', async () => {
  await guarded().ask('CONFIG', 'SET', 'requirepass', 'another')
  const url = guarded().url.replace('redis://', `redis://default:${PASSWORD}@`)
  const started = Date.now()
  const error = await openRedisStore(url, { account, deadlineMs: 20_000 }).catch(
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ code: 'unavailable', retryable: false })
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(PASSWORD)
  expect(Date.now() - started).toBeLessThan(5_000)
  const without = openRedisStore(guarded().url, { account, deadlineMs: 20_000 })
  await expect(without).rejects.toMatchObject({ code: 'unavailable', retryable: false })
  const right = await openRedisStore(url.replace(PASSWORD, 'another'), { account })
  await committed(right, people('cookie:1'))
  await right.close()
})

test('an address that is none is refused without what is in it', async () => {
  for (const url of [`http://u:${PASSWORD}@host`, `u:${PASSWORD}@host:1:2`]) {
    const error = await openRedisStore(url, { account }).catch((reason: unknown) => reason)
    expect(String(error)).toContain('redis://host:port')
    expect(String(error)).not.toContain(PASSWORD)
  }
})

test('nobody there is unavailable after the deadline', async () => {
  const started = Date.now()
  const nobody = openRedisStore('redis://127.0.0.1:9', { account, deadlineMs: 300 })
  await expect(nobody).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  expect(Date.now() - started).toBeLessThan(3_000)
})

test('who goes away in between is unavailable until there again', () =>
  withStore(redis(), 400, async (store) => {
    await committed(store, people('cookie:gone'))
    await redis().kill()
    const answers = [store.position('log'), store.commit(commitOf(1, people('cookie:2')))]
    for (const answer of answers)
      await expect(answer).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    await redis().restart()
    // Redis may have lost what it had not flushed yet.
    await vi.waitFor(async () => expect(await store.position('log')).toBeLessThan(2), 10_000)
    await committed(store, people('cookie:2'))
  }))

test('one that hangs is unavailable after the deadline', () =>
  withStore(redis(), 300, async (store) => {
    process.kill(redis().pid, 'SIGSTOP')
    const answer = store.counts().catch((error: unknown) => error)
    expect(await answer).toMatchObject({ code: 'unavailable', retryable: true })
    process.kill(redis().pid, 'SIGCONT')
    await vi.waitFor(async () => expect((await store.counts()).edges).toBe(0), 10_000)
  }))

test('a replica is read only, until it is none', () =>
  withStore(redis(), 2_000, async (store) => {
    const position = await store.position('log')
    await redis().ask('REPLICAOF', '127.0.0.1', '9')
    await expect(store.commit(commitOf(position, people('cookie:3')))).rejects.toMatchObject({
      code: 'read_only',
      retryable: true,
    })
    await redis().ask('REPLICAOF', 'NO', 'ONE')
    await vi.waitFor(() => committed(store, people('cookie:3')), 10_000)
  }))

test('a store that is closed amid work says that it is closed', async () => {
  const store = await openRedisStore(redis().url, { account })
  const answers = [store.counts(), store.membership(), store.census(new Map())]
  const refused = answers.map((answer) => expect(answer).rejects.toMatchObject({ code: 'closed' }))
  await store.close()
  await Promise.all(refused)
})
