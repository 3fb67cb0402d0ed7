// The records of a simulated world, as a log takes them: what came twice and what is rejected left out.

import { EXTRACTION_VERSION } from '../../src/core/index.ts'
import type { LogRecord } from '../../src/ports/event-log.ts'
import { factOfItem, type Opened } from './world.ts'

const MESSAGES_PER_APPEND = 2_000

/** As many at a time as are appended at once. */
export function* recordsOf({ simulation, extraction }: Opened): Generator<readonly LogRecord[]> {
  let records: LogRecord[] = []
  for (const item of simulation) {
    const fact = item.repeated ? null : factOfItem(item, extraction)
    if (fact === null) continue
    records.push({ kind: 'message', fact, extractionVersion: EXTRACTION_VERSION, raw: '{}' })
    if (records.length < MESSAGES_PER_APPEND) continue
    yield records
    records = []
  }
  yield records
}
