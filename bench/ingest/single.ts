// How long one message takes in process, durable and resolved, one after the other; and the disk's own fsync beside it.

import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openAccount } from '../../src/apps/account/open-account.ts'
import { ingest, understand } from '../../src/flows/ingest.ts'

const FSYNC_BYTES = 1_000

export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = times.toSorted((x, y) => x - y)
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** The first `count` messages of the file, in turns with as many bare writes of a kilobyte made durable. */
export async function singleMessages(
  file: string,
  count: number,
  folder: string,
): Promise<{ message: Latency; fsync: Latency }> {
  const lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (lines.push(line) === count) break
  }
  const data = await mkdtemp(join(folder, 'single-'))
  const account = await openAccount(data, { configuration: null, notice: () => undefined })
  const bare = await open(join(folder, 'fsync'), 'a')
  const bytes = Buffer.alloc(FSYNC_BYTES, 'x')
  const messageTimes: number[] = []
  const fsyncTimes: number[] = []
  for (const raw of lines) {
    let began = performance.now()
    const envelope = { receivedAt: Date.now(), historical: true, site: 'default' }
    const { resolved } = await ingest(account, [
      understand(account.extraction, { raw, message: JSON.parse(raw), envelope }),
    ])
    await resolved
    messageTimes.push(performance.now() - began)
    began = performance.now()
    await bare.write(bytes)
    await bare.datasync()
    fsyncTimes.push(performance.now() - began)
  }
  await bare.close()
  await account.close()
  await rm(data, { recursive: true })
  return { message: latencyOf(messageTimes), fsync: latencyOf(fsyncTimes) }
}
