// What the cases of the shared log run on, and how they read.

import type { DecisionRecord, LogRecord, Position, StoredRecord } from '../event-log.ts'
import type { Delivered, SharedLog, SharedReading } from '../shared-log.ts'
import type { Case } from './case.ts'
import { sampleMessage, type EventLogSubject } from './event-log.subject.ts'

export interface SharedLogSubject extends Pick<EventLogSubject, 'account' | 'digest'> {
  /** Another opening of the subject's log. */
  open(): Promise<SharedLog>
}

export type SharedLogCase = Case<SharedLogSubject>

/** Longest wait for what has to come. */
export const WAIT_MS = 30_000
const AT_ONCE = 100

export const fromTheBeginning = { startAt: (): Promise<Position> => Promise.resolve(0) }

export async function withLog(
  subject: SharedLogSubject,
  work: (log: SharedLog) => Promise<void>,
): Promise<void> {
  const log = await subject.open()
  try {
    await work(log)
  } finally {
    await log.close()
  }
}

export function sampleDecision(id: string): DecisionRecord {
  const decision = { type: 'policy', version: id, settings: '{}' } as const
  return { kind: 'decision', id, at: 1_700_000_000_000, author: 'steward', decision }
}

export function samples(subject: SharedLogSubject, count: number): readonly LogRecord[] {
  return Array.from({ length: count }, (_, at) =>
    sampleMessage(subject, `m${at}`, { cookie: `c${at % 7}`, email: `e${at}` }),
  )
}

function idOf(record: LogRecord): string {
  return record.kind === 'message' ? record.fact.id : record.id
}

/** Reads until so many records have come, or nothing more does. */
export async function readSome(
  reading: SharedReading,
  count: number,
): Promise<readonly Delivered[]> {
  const all: Delivered[] = []
  let records = 0
  while (records < count) {
    const delivered = await reading.next({ recordsMax: AT_ONCE, waitMs: WAIT_MS })
    if (delivered.length === 0) break
    all.push(...delivered)
    for (const one of delivered) records += one.records.length
  }
  return all
}

/** By source, the records that came from it. */
export function bySource(
  delivered: readonly Delivered[],
): ReadonlyMap<string, readonly StoredRecord[]> {
  const all = new Map<string, StoredRecord[]>()
  for (const { source, records } of delivered) {
    all.set(source, [...(all.get(source) ?? []), ...records])
  }
  return all
}

export function sortedIds(delivered: readonly Delivered[]): readonly string[] {
  return delivered.flatMap(({ records }) => records.map(idOf)).toSorted()
}
