// The part of the configuration that says where data is kept and how many share it. It decides nothing, and holds
// passwords: it is never stored, logged or shown.

import { z } from 'zod'

import { foreignTopic } from './foreign-topic.ts'
import { text, whole } from './settings-parts.ts'

const LOG_ALLOWED = 'kafka://[USER:PASSWORD@]HOST:PORT,…[/PREFIX], kafkas:// with TLS, or null'
const REGISTRY_ALLOWED = 'http://… or https://…, what stands before /subjects, or null'
const GRAPH_ALLOWED =
  'redis://[USER:PASSWORD@]HOST:PORT[/DATABASE], rediss:// with TLS, "rocksdb", or null'

const LOG_FORM =
  /^kafkas?:\/\/(?:[^:@/\s]+:[^@/\s]*@)?[^@/?#\s]{1,2000}(?:\/[A-Za-z0-9._-]{0,100})?(?:\?[^#\s]{0,2000})?$/
const GRAPH_FORM = /^(rediss?:\/\/[^/?#\s]{1,2000}(?:\/\d{0,5})?(?:\?\S{0,2000})?|rocksdb)$/

const kafka = z.strictObject({
  partitions: whole(8, 1, 'partitions of topics that are made; each is one processor’s at a time'),
  replicas: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('copies of each partition of topics that are made; null: the brokers’ default'),
  sendMsMax: whole(10_000, 100, 'ms within which all in-sync replicas must have a message'),
  sessionMs: whole(
    10_000,
    1_000,
    'ms without a sign of life after which the others take a processor’s partitions',
  ),
  topics: z
    .array(foreignTopic)
    .max(1_000)
    .default([])
    .describe('topics that others fill, and how their records are read'),
})

const processing = z.strictObject({
  recordsMax: whole(1_000, 1, 'records decided and stored together at the most'),
  waitMs: whole(100, 1, 'ms that a batch waits for its first record'),
  repeatsWithin: whole(
    20_000,
    0,
    'records of a partition: with the same messageId among so many before it, a message is a repeat and counts for nothing',
  ),
})

/** Keys of the configuration file beside the settings. */
export const stackShape = {
  log: text(LOG_FORM, LOG_ALLOWED)
    .nullable()
    .default(null)
    .describe('where messages are kept; null: in the data directory. $SELFSAME_LOG stands for it'),
  registry: text(/^https?:\/\/\S{1,2000}$/, REGISTRY_ALLOWED)
    .nullable()
    .default(null)
    .describe('schema registry of a log on Kafka. $SELFSAME_REGISTRY stands for it'),
  graph: text(GRAPH_FORM, GRAPH_ALLOWED)
    .nullable()
    .default(null)
    .describe(
      'where the graph is kept; null: by SQLite in the data directory, rocksdb: by RocksDB there. $SELFSAME_GRAPH stands for it',
    ),
  kafka: kafka.prefault({}),
  processing: processing.prefault({}),
}

const stack = z.strictObject(stackShape)

/** Where data is kept, every default filled in. */
export type Stack = z.output<typeof stack>

/** Adds an issue for what each setting allows and the whole does not. */
export function stackContradictions(
  { log, registry, graph }: Pick<Stack, 'log' | 'registry' | 'graph'>,
  context: z.RefinementCtx,
): void {
  const issue = (name: string, message: string, allowed: string): void =>
    context.addIssue({ code: 'custom', path: [name], message, params: { allowed } })
  if (log !== null && registry === null)
    issue('registry', 'is missing', 'the address of a schema registry, which a log on Kafka needs')
  if (log === null && registry !== null)
    issue('registry', 'is given without a log', 'none where the log is in the data directory')
  if (log === null && graph?.startsWith('redis') === true)
    issue('graph', 'is on Redis without a log on Kafka', 'null or "rocksdb", or a log on Kafka')
}

/** Everything in the data directory. */
export function embedded(): Stack {
  return stack.parse({})
}
