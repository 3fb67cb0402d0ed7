// The Redis store passes the cases of its port on a real server: as it is, with the smallest lists, and as one node of a
// cluster, which refuses a script that touches a key it was not given.
import { beforeAll, describe, expect, test } from 'vitest'

import { account, digest } from '../../../test/file-log/directory.ts'
import { clusterIsWhole, ownRedis } from '../../../test/engines/own-redis.ts'
import { identityStoreCases } from '../../ports/conformance/identity-store.cases.ts'
import { openRedisStore } from './index.ts'

const redis = ownRedis()
const cluster = ownRedis(['--cluster-enabled', 'yes'])

beforeAll(async () => {
  await cluster().ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await clusterIsWhole(cluster())
})

let number = 0

describe.each([
  ['as it is', redis, undefined],
  ['with trees for lists', redis, 1],
  ['a node of a cluster', cluster, 4],
] as const)('%s', (_name, server, leafMax) => {
  test.for(identityStoreCases)('$name', async (entry) => {
    const name = `conformance-${number++}`
    const open = () => openRedisStore(server().url, { account: name }, leafMax)
    await expect(entry.run({ account, digest, open })).resolves.toBeUndefined()
  })
})
