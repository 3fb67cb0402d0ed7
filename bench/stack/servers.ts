// A broker, a registry and a Redis to measure, and what each process on them has spent.

import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'

import { startKafka, startRedis, startRegistry } from '../../test/engines/index.ts'

export interface Servers {
  /** As the configuration's environment names them. */
  readonly environment: Readonly<
    Record<'SELFSAME_LOG' | 'SELFSAME_REGISTRY' | 'SELFSAME_GRAPH', string>
  >
  readonly pids: Readonly<Record<'kafka' | 'redis', number>>
  readonly redis: Redis
  stop(): Promise<void>
}

export async function startServers(): Promise<Servers> {
  const [kafka, registry, graph] = await Promise.all([startKafka(), startRegistry(), startRedis()])
  const redis = new Redis(graph.url)
  return {
    environment: {
      SELFSAME_LOG: kafka.url,
      SELFSAME_REGISTRY: registry.url,
      SELFSAME_GRAPH: graph.url,
    },
    pids: { kafka: kafka.pid, redis: graph.pid },
    redis,
    stop: async () => {
      redis.disconnect()
      await Promise.all([kafka.stop(), registry.stop(), graph.stop()])
    },
  }
}

const TICKS_PER_SECOND = 100

/** CPU seconds of a process up to now. */
export function cpuSecondsOf(pid: number): number {
  const [, said = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const [user = 0, system = 0] = said.split(' ').slice(11, 13).map(Number)
  return (user + system) / TICKS_PER_SECOND
}

/** Peak resident set of a process, bytes. */
export function peakBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

/** Bytes of the keys and values of a Redis. */
export async function datasetBytes(redis: Redis): Promise<number> {
  return Number(/^used_memory_dataset:(\d+)/m.exec(await redis.info('memory'))?.[1] ?? 0)
}

/** What a Redis has been told up to now, as it counts it itself. */
export interface Told {
  /** Writes of fields, members and keys; it must not have saved a snapshot. */
  readonly writes: number
  /** That came in. */
  readonly bytes: number
}

export async function toldTo(redis: Redis): Promise<Told> {
  const said = `${await redis.info('persistence')}\n${await redis.info('stats')}`
  const number = (name: string): number =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(said)?.[1] ?? 0)
  return {
    writes: number('rdb_changes_since_last_save'),
    bytes: number('total_net_input_bytes'),
  }
}
