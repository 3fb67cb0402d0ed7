// The floor of a processor: the same topic consumed and the same number of keys with as many bytes written to Redis,
// pipelined, no logic. Usage: node bench/stack/floor.ts LOG REDIS TOPIC RECORDS KEYS BYTES

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { clientOptions, parseKafkaUrl } from '../../src/adapters/kafka/connection.ts'
import type { Place } from '../../src/adapters/kafka/decode.ts'
import { Fetcher } from '../../src/adapters/kafka/fetcher.ts'
import { HeldSource } from '../../src/adapters/kafka/held-source.ts'
import { partitionsOf } from '../../src/adapters/kafka/topics.ts'

const [log = '', redisUrl = '', topic = '', ...numbers] = process.argv.slice(2)
const [records = 0, keys = 0, bytes = 0] = numbers.map(Number)
/** A record writes as many keys as another one, on average as many as wanted. */
const keysPerRecord = keys / records
const AT_ONCE = 1_000
/** Such as those of a graph: digests. */
const KEY_BYTES = 32
const VALUE = Buffer.alloc(Math.max(1, Math.round(bytes / keys) - KEY_BYTES), 'x')
const PREFETCH_BYTES = 64 << 20

const address = parseKafkaUrl(log)
const options = clientOptions(address, 'floor')
const partitions = (await partitionsOf(options, [topic], address.shown)).get(topic) ?? 0
const sources = Array.from({ length: partitions }, (_, partition) => {
  const source = new HeldSource<Place>({ source: `floor/${partition}`, topic, partition })
  source.seek(0)
  return source
})
const fetcher = new Fetcher({
  options,
  topics: [topic],
  prefetchBytesMax: PREFETCH_BYTES,
  shown: address.shown,
  sources: () => sources,
  onChange: () => undefined,
})
const redis = new Redis(redisUrl)

let began = 0
let consumed = 0
let written = 0
let writing: Promise<unknown> = Promise.resolve()
fetcher.pump()
while (consumed < records) {
  const ready = sources.find((source) => source.hasMore())
  if (ready === undefined) {
    fetcher.pump()
    await sleep(1)
    continue
  }
  if (began === 0) began = performance.now()
  const { records: taken, behind } = ready.peek(Math.min(AT_ONCE, records - consumed))
  ready.drop(behind)
  fetcher.pump()
  consumed += taken.length
  const pipeline = redis.pipeline()
  for (; written < Math.floor(consumed * keysPerRecord); written++)
    pipeline.set(String(written).padStart(KEY_BYTES, '0'), VALUE)
  await writing
  writing = pipeline.exec()
}
await writing
const seconds = (performance.now() - began) / 1_000
await redis.flushdb('ASYNC')
redis.disconnect()
await fetcher.close()
console.log(JSON.stringify({ recordsPerSecond: records / seconds }))
