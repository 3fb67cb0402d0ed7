// A broker and a registry for one test file, with logs of their own for every test.
import { afterAll, beforeAll } from 'vitest'

import { openKafkaLog, type KafkaLogOptions } from '../../src/adapters/kafka/index.ts'
import type { SharedLog } from '../../src/ports/shared-log.ts'
import { readMessage } from './read-message.ts'
import { startKafka, type Kafka } from './kafka.ts'
import { startRegistry, type Registry } from './registry.ts'

export interface KafkaStack {
  readonly kafka: Kafka
  readonly registry: Registry
  /** Options of a log that nobody else has. */
  ownLog(): KafkaLogOptions
  open(options: KafkaLogOptions): Promise<SharedLog>
}

/** Starts both before the file's tests and ends them after it; to be used within tests only. */
export function kafkaStack(): () => KafkaStack {
  let stack: KafkaStack | null = null
  let logs = 0
  const opened: SharedLog[] = []
  beforeAll(async () => {
    const [kafka, registry] = await Promise.all([startKafka(), startRegistry()])
    const ownLog = (): KafkaLogOptions => ({
      url: `${kafka.url}/test${++logs}`,
      registry: registry.url,
      account: 'default',
      readMessage,
      sessionMs: 6_000,
    })
    const open = async (options: KafkaLogOptions): Promise<SharedLog> => {
      const log = await openKafkaLog(options)
      opened.push(log)
      return log
    }
    stack = { kafka, registry, ownLog, open }
  }, 300_000)
  afterAll(async () => {
    await Promise.all(opened.map((log) => log.close()))
    await Promise.all([stack?.kafka.stop(), stack?.registry.stop()])
  })
  return () => {
    if (stack === null) throw new Error('the servers are not started yet')
    return stack
  }
}
