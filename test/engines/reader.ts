// A reader of a group in a process of its own, for tests that kill it. Told by argument what to read, it writes a line of
// JSON for every delivery, only then has it applied it, and starts again from what all readers applied.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

import { openKafkaLog } from '../../src/adapters/kafka/index.ts'
import { readMessage } from './read-message.ts'

export interface ReaderOrder {
  readonly url: string
  readonly registry: string
  readonly account: string
  readonly group: string
  /** Shared by all readers: what was applied, in lines. */
  readonly file: string
}

/** One line of the file: positions of a delivery. */
export interface Applied {
  readonly reader: number
  readonly source: string
  /** Where the reader was told to begin, when this is the first of the source. */
  readonly positions: readonly number[]
}

const order = JSON.parse(process.argv[2] ?? '') as ReaderOrder

/** As a store would know it. */
function appliedUpTo(source: string): number {
  if (!existsSync(order.file)) return 0
  const lines = readFileSync(order.file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
  const its = lines
    .map((line) => JSON.parse(line) as Applied)
    .filter((one) => one.source === source)
  return Math.max(0, ...its.flatMap(({ positions }) => positions))
}

const log = await openKafkaLog({ ...order, readMessage, sessionMs: 6_000 })
const reading = await log.share(order.group, {
  startAt: (source) => Promise.resolve(appliedUpTo(source)),
  parts: ['events'],
})
process.stdout.write('ready\n')
for (;;) {
  for (const { source, records } of await reading.next({ recordsMax: 50, waitMs: 500 })) {
    const positions = records.map(({ position }) => position)
    const line: Applied = { reader: process.pid, source, positions }
    appendFileSync(order.file, `${JSON.stringify(line)}\n`)
  }
}
