// In a cluster an account lives on one node: a store finds it from any other, and goes after it when it moves.
import { beforeAll, expect, test, vi } from 'vitest'

import { clusterIsWhole, ownRedis } from '../../../test/engines/own-redis.ts'
import { account as owner, digest } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { committed } from '../../ports/conformance/identity-store.subject.ts'
import { openRedisStore } from './index.ts'

const first = ownRedis(['--cluster-enabled', 'yes'])
const second = ownRedis(['--cluster-enabled', 'yes'])
const { people } = samplesOf({ account: owner, digest })
const MIDDLE = 8_192

beforeAll(async () => {
  await first().ask('CLUSTER', 'ADDSLOTSRANGE', '0', String(MIDDLE - 1))
  await second().ask('CLUSTER', 'ADDSLOTSRANGE', String(MIDDLE), '16383')
  await first().ask('CLUSTER', 'MEET', '127.0.0.1', String(second().port))
  for (const node of [first, second]) await clusterIsWhole(node())
})

test('every account is found from either node', async () => {
  const lives: number[] = []
  for (const account of ['a', 'b', 'c', 'd', 'e', 'f']) {
    lives.push(Number(await first().ask('CLUSTER', 'KEYSLOT', `{${account}}`)))
    for (const node of [first, second]) {
      const store = await openRedisStore(node().url, { account })
      await committed(store, { changes: [] })
      await store.close()
    }
    const store = await openRedisStore(first().url, { account })
    expect(await store.position('log')).toBe(2)
    await store.close()
  }
  expect(Math.min(...lives)).toBeLessThan(MIDDLE)
  expect(Math.max(...lives)).toBeGreaterThanOrEqual(MIDDLE)
})

test('an account that moves is found again', async () => {
  const account = 'moving'
  const slot = String(await first().ask('CLUSTER', 'KEYSLOT', `{${account}}`))
  const [from, to] = Number(slot) < MIDDLE ? [first, second] : [second, first]
  const store = await openRedisStore(from().url, { account })
  await committed(store, people('cookie:1'))
  const [fromId, toId] = [await from().ask('CLUSTER', 'MYID'), await to().ask('CLUSTER', 'MYID')]
  await to().ask('CLUSTER', 'SETSLOT', slot, 'IMPORTING', String(fromId))
  await from().ask('CLUSTER', 'SETSLOT', slot, 'MIGRATING', String(toId))
  const keys = (await from().ask('CLUSTER', 'GETKEYSINSLOT', slot, '100')) as readonly string[]
  await from().ask('MIGRATE', '127.0.0.1', String(to().port), '', '0', '5000', 'KEYS', ...keys)
  for (const node of [to, from]) await node().ask('CLUSTER', 'SETSLOT', slot, 'NODE', String(toId))
  await vi.waitFor(() => committed(store, people('cookie:2')), 10_000)
  expect((await store.counts()).identifiers).toBe(2)
  await store.close()
})
