// A process that appends without end until it is killed, and says on standard output what was acknowledged.
// Arguments: directory, first message number, segmentBytesMax, calls under way at a time.
import { writeSync } from 'node:fs'

import { openFileLog } from '../../src/adapters/file-log/index.ts'
import { account, numberedMessages } from './directory.ts'

const [directory = '', firstNumber = '0', segmentBytesMax = '20000', calls = '3'] =
  process.argv.slice(2)
const log = await openFileLog(directory, {
  account,
  segmentBytesMax: Number(segmentBytesMax),
  runsMergedAtOnce: 2,
})
let next = Number(firstNumber)
writeSync(1, 'ready\n')

async function appendOnAndOn(call: number): Promise<void> {
  for (;;) {
    const from = next
    next += 1 + ((from * 31 + call) % 40)
    const positions = await log.append(numberedMessages(from, next))
    writeSync(1, `${positions.map((position, at) => `${from + at}:${position}`).join(' ')}\n`)
  }
}

await Promise.all(Array.from({ length: Number(calls) }, (_, call) => appendOnAndOn(call)))
