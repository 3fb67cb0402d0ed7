// The real servers of a shared account for one test file: a broker that soon notices who is gone, a registry, a Redis.
import { afterAll, beforeAll } from 'vitest'

import { startKafka, startRegistry, type Kafka, type Registry } from '../../engines/index.ts'
import { startRedis, type Redis } from '../../engines/redis.ts'

export interface Servers {
  readonly kafka: Kafka
  readonly registry: Registry
  readonly redis: Redis
}

/** Started before the file's tests and ended after them; to be used within tests only. */
export function servers(): () => Servers {
  let started: Servers | null = null
  beforeAll(async () => {
    const [kafka, registry, redis] = await Promise.all([
      startKafka({ properties: () => ({ 'group.min.session.timeout.ms': '1000' }) }),
      startRegistry(),
      // Cut, its log must be the one of before.
      startRedis({ args: ['--auto-aof-rewrite-percentage', '0'] }),
    ])
    started = { kafka, registry, redis }
  }, 300_000)
  afterAll(async () => {
    const { kafka, registry, redis } = started ?? {}
    await Promise.all([kafka?.stop(), registry?.stop(), redis?.stop()])
  })
  return () => {
    if (started === null) throw new Error('the servers are not started yet')
    return started
  }
}
