// The messages of a world into a shared log while things go wrong: half by requests to the server, half straight into it.
// Invariant: what is in `acknowledged` was acknowledged, and everything is sent until it is.
import { setTimeout as sleep } from 'node:timers/promises'

import { understand } from '../../../src/flows/ingest.ts'
import type { MessageRecord } from '../../../src/ports/event-log.ts'
import type { SharedLog } from '../../../src/ports/shared-log.ts'
import { extractionOf } from '../../extraction.ts'
import { Client } from '../client.ts'
import type { Dice } from '../random.ts'
import { CONFIGURATION, type Sent } from '../world.ts'

const extraction = extractionOf(CONFIGURATION)
const APPENDED_MAX = 30
const RETRY_MS = 50
/** One in so many is appended a second time, as by a producer that missed the answer. */
const AGAIN_ONE_IN = 15

export interface LoadParts {
  /** Of the server. */
  readonly url: string
  readonly log: SharedLog
  readonly dice: Dice
  /** Between two batches, ms. */
  readonly pauseMs: number
}

/** Resolves with the ids when all of it is acknowledged. @throws when the server is gone */
export async function send(
  sent: readonly Sent[],
  { url, log, dice, pauseMs }: LoadParts,
): Promise<ReadonlySet<string>> {
  const byRequest = sent.filter((_, i) => i % 2 === 0)
  const straight = sent.filter((_, i) => i % 2 === 1)
  const client = new Client(byRequest, dice, pauseMs)
  await Promise.all([client.send(url), append(straight, { log, dice, pauseMs })])
  if (!client.isDone) throw new Error('the server is gone')
  return new Set([...client.acknowledged, ...straight.map(({ id }) => id)])
}

async function append(
  sent: readonly Sent[],
  { log, dice, pauseMs }: Omit<LoadParts, 'url'>,
): Promise<void> {
  for (let at = 0; at < sent.length;) {
    const count = dice.whole(1, APPENDED_MAX)
    const records = sent.slice(at, at + count).map(recordOf)
    await appendOnce(log, records)
    if (dice.whole(1, AGAIN_ONE_IN) > 1) at += count
    await sleep(pauseMs)
  }
}

async function appendOnce(log: SharedLog, records: readonly MessageRecord[]): Promise<void> {
  for (;;) {
    try {
      await log.append(records)
      return
    } catch {
      await sleep(RETRY_MS)
    }
  }
}

function recordOf({ site, message }: Sent): MessageRecord {
  const envelope = { receivedAt: Date.now(), historical: false, site }
  const raw = JSON.stringify(message)
  const understood = understand(extraction, { raw, message, envelope })
  if ('kind' in understood) return understood
  throw new Error(`${understood.reason}: ${understood.detail}`)
}
