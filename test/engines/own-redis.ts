// A Redis for the tests of one file, and a client of it.
import { setTimeout as sleep } from 'node:timers/promises'

import { Redis as Client } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'

import { startRedis, type Redis } from './redis.ts'

export interface OwnRedis extends Redis {
  /** One command, texts as texts. */
  ask(command: string, ...given: readonly string[]): Promise<unknown>
}

/** Started before the tests and stopped after them. @param args of `redis-server` */
export function ownRedis(args: readonly string[] = []): () => OwnRedis {
  let redis: OwnRedis | undefined
  beforeAll(async () => {
    const server = await startRedis({ args })
    redis = Object.assign(server, {
      ask: async (command: string, ...given: readonly string[]) => {
        const client = new Client(server.url, { lazyConnect: true, retryStrategy: () => null })
        client.on('error', () => undefined)
        try {
          await client.connect()
          return await client.call(command, ...given)
        } finally {
          client.disconnect()
        }
      },
    })
  })
  afterAll(() => redis?.stop())
  return () => {
    if (redis === undefined) throw new Error('asked for before it was started')
    return redis
  }
}

const CLUSTER_MS_MAX = 30_000
const POLL_MS = 50

/** Resolves when a node of a cluster knows that every slot is served. @throws when it does not come to that */
export async function clusterIsWhole(node: OwnRedis): Promise<void> {
  const until = Date.now() + CLUSTER_MS_MAX
  while (Date.now() < until) {
    const said = String(await node.ask('CLUSTER', 'INFO'))
    if (said.includes('cluster_state:ok') && said.includes('cluster_slots_ok:16384')) return
    await sleep(POLL_MS)
  }
  throw new Error('the cluster did not become whole')
}
