// The store is closed and opened in between, with lists as they are and with the smallest ones.
import { expect, test } from 'vitest'

import { ownRedis } from '../../../test/engines/own-redis.ts'
import { expectAnswersOfMemory } from '../../../test/identity-store/model.ts'
import { openRedisStore } from './index.ts'

const redis = ownRedis()
let number = 0

test.each([
  ['as they are', undefined],
  ['of one entry', 1],
  ['of two', 2],
])('Redis answers as memory does, with lists %s', { timeout: 120_000 }, async (_name, leafMax) => {
  const property = expectAnswersOfMemory((work) => {
    const account = `model-${number++}`
    return work(() => openRedisStore(redis().url, { account }, leafMax))
  })
  await expect(property).resolves.toBeUndefined()
})
