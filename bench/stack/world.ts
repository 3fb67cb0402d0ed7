// A simulated world as records of the shared log, each with its fact beside it, as a collector writes them.

import { openKafkaLog, type KafkaLogOptions } from '../../src/adapters/kafka/index.ts'
import { createExtraction, type Extraction } from '../../src/core/index.ts'
import { understand } from '../../src/flows/ingest.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import type { SharedLog } from '../../src/ports/shared-log.ts'
import { simulate } from '../../src/simulator/index.ts'
import { sha256 } from '../../src/apps/account/digest.ts'
import { settingsOf } from '../../test/extraction.ts'
import type { Servers } from './servers.ts'

const MESSAGES_PER_PERSON = 30
const RECORDS_AT_ONCE = 500
export const ACCOUNT = 'default'

/** Records of a clean world in the order they arrive. */
export function* world(messages: number, seed: number): Generator<MessageRecord, void> {
  const extraction: Extraction = createExtraction(settingsOf({}), sha256)
  const people = Math.ceil(messages / MESSAGES_PER_PERSON) + 100
  let made = 0
  for (const { message, site, receivedAt } of simulate({ people, seed })) {
    if (made === messages) return
    const raw = JSON.stringify(message)
    const envelope = { receivedAt, historical: false, site }
    const read = understand(extraction, { raw, message, envelope })
    if (!('kind' in read)) throw new Error(`a simulated message was rejected: ${read.reason}`)
    made++
    yield read
  }
}

export function openLog({ environment }: Servers): Promise<SharedLog> {
  const options: KafkaLogOptions = {
    url: environment.SELFSAME_LOG,
    registry: environment.SELFSAME_REGISTRY,
    account: ACCOUNT,
    readMessage: () => ({ reason: 'unread', detail: 'every record has its fact' }),
  }
  return openKafkaLog(options)
}

export interface Filled {
  readonly recordsPerSecond: number
  /** Of the text of a message. */
  readonly rawBytes: number
}

/** Appends a world. */
export async function fill(log: SharedLog, messages: number, seed: number): Promise<Filled> {
  const began = performance.now()
  let rawBytes = 0
  let batch: MessageRecord[] = []
  let sent: Promise<unknown> = Promise.resolve()
  for (const record of world(messages, seed)) {
    rawBytes += record.raw.length
    batch.push(record)
    if (batch.length < RECORDS_AT_ONCE) continue
    await sent
    sent = log.append(batch)
    batch = []
  }
  await sent
  await log.append(batch)
  return {
    recordsPerSecond: (messages * 1_000) / (performance.now() - began),
    rawBytes: rawBytes / messages,
  }
}
