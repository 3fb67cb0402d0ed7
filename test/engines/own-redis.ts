// A Redis for the tests of one file, and a client of it.
import { Redis as Client } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'

import { startRedis, type Redis } from './index.ts'

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
