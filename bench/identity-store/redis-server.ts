// A Redis to measure, started for it: a store on it, and what the server has spent.

import { Redis } from 'ioredis'
import { openRedisStore, type RedisStore } from '../../src/adapters/redis/index.ts'
import { startRedis } from '../../test/engines/redis.ts'

export interface MeasuredRedis {
  readonly store: RedisStore
  /** µs of CPU of the server so far. */
  cpuUs(): Promise<number>
  /** Of its keys and values. */
  bytes(): Promise<number>
  stop(): Promise<void>
}

/** Flushes every second, as it is to be set up. */
export async function measuredRedis(): Promise<MeasuredRedis> {
  const server = await startRedis()
  const client = new Redis(server.url)
  const said = async (section: string, name: string): Promise<number> =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(await client.info(section))?.[1])
  const account = 'bench'
  const store = await openRedisStore(server.url, { account, deadlineMs: 60_000 })
  return {
    store,
    cpuUs: async () =>
      ((await said('cpu', 'used_cpu_user')) + (await said('cpu', 'used_cpu_sys'))) * 1e6,
    bytes: () => said('memory', 'used_memory_dataset'),
    stop: async () => {
      client.disconnect()
      await server.stop()
    },
  }
}
