// One graph serves, another is built beside it and takes over in one step; the old one goes.
import { expect, test } from 'vitest'

import { ownRedis } from '../../../test/engines/own-redis.ts'
import { account, digest } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { committed } from '../../ports/conformance/identity-store.subject.ts'
import { openRedisStore, withRedisNamespaces } from './index.ts'

const redis = ownRedis()
const { people } = samplesOf({ account, digest })

async function namesIn(of: string): Promise<readonly string[]> {
  const keys = (await redis().ask('KEYS', `{${of}}:*`)) as readonly string[]
  return keys.toSorted()
}

test('a rebuild runs beside what serves, and takes over in one step', async () => {
  const options = { account: 'shop' }
  const { url } = redis()
  const serving = await openRedisStore(url, options)
  expect(serving.namespace).toBe('main')
  await committed(serving, people('cookie:1'))
  const rebuilt = await openRedisStore(url, { ...options, namespace: 'g2' })
  await committed(rebuilt, people('cookie:1'))
  await committed(rebuilt, people('cookie:2'))
  expect([await serving.position('log'), await rebuilt.position('log')]).toEqual([1, 2])

  await withRedisNamespaces(url, options, async (namespaces) => {
    expect(await namespaces.list()).toEqual([
      { name: 'g2', isServing: false },
      { name: 'main', isServing: true },
    ])
    await expect(namespaces.drop('main')).rejects.toThrow('serves')
    await expect(namespaces.switchTo('g3')).rejects.toThrow('no graph g3')
    await namespaces.switchTo('g2')
  })
  const after = await openRedisStore(url, options)
  expect([after.namespace, (await after.counts()).identifiers]).toEqual(['g2', 2])
  await Promise.all([serving, rebuilt, after].map((store) => store.close()))

  await withRedisNamespaces(url, options, async (namespaces) => {
    await namespaces.drop('main')
    expect(await namespaces.list()).toEqual([{ name: 'g2', isServing: true }])
  })
  expect((await namesIn('shop')).filter((key) => key.includes(':main:'))).toEqual([])
})

test('accounts have nothing in common, and names that would not be keys are refused', async () => {
  const { url } = redis()
  const stores = await Promise.all(['a', 'b'].map((one) => openRedisStore(url, { account: one })))
  await Promise.all(stores.map((store, i) => committed(store, people(`cookie:${i}`))))
  expect(await Promise.all(stores.map((store) => store.position('log')))).toEqual([1, 1])
  await Promise.all(stores.map((store) => store.close()))
  await expect(openRedisStore(url, { account: 'a}b' })).rejects.toThrow('not an account')
  const options = { account: 'a', namespace: 'x:y' }
  await expect(openRedisStore(url, options)).rejects.toThrow('not a name')
})
