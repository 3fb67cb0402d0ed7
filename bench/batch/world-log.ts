// A simulated world as a sealed log, written as ingest writes it but without deciding anything.

import { createExtraction } from '../../src/core/identifier/extraction.ts'
import { openFileLog } from '../../src/adapters/file-log/index.ts'
import { sha256 } from '../../src/apps/account/digest.ts'
import { readLine } from '../../src/apps/loading/messages-of-lines.ts'
import type { Settings } from '../../src/core/index.ts'
import { understand } from '../../src/flows/ingest.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import { simulate } from '../../src/simulator/index.ts'

/** Messages a person sends in 60 simulated days, on average; a few more people than needed are simulated. */
const MESSAGES_PER_PERSON = 30
const MESSAGES_PER_APPEND = 2_000

/** Appends exactly `messages` messages of a world. `told` hears how many there are. */
export async function writeWorldLog(
  directory: string,
  settings: Settings,
  {
    messages,
    seed,
    hard,
  }: { readonly messages: number; readonly seed: number; readonly hard: boolean },
  told: (done: number) => void,
): Promise<void> {
  const log = await openFileLog(directory, { account: settings.account })
  const extraction = createExtraction(settings, sha256)
  const plain = { receivedAt: Date.now(), historical: true, site: 'default' }
  let records: MessageRecord[] = []
  let written = 0
  const flush = async (): Promise<void> => {
    await log.append(records)
    records = []
    told(written)
  }
  const people = Math.ceil(messages / MESSAGES_PER_PERSON) + 100
  for (const { message, site } of simulate({ people, seed, hard })) {
    const line = readLine(JSON.stringify({ ...message, site }), plain, {})
    const understood = 'reason' in line ? line : understand(extraction, line)
    if (!('kind' in understood)) continue
    records.push(understood)
    if (++written === messages) break
    if (records.length === MESSAGES_PER_APPEND) await flush()
  }
  await flush()
  await log.settle()
  await log.close()
}
