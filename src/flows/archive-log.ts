// What a shared log delivers, into the log of columns that a batch reads. Invariant: a record is in it once: how far it was
// read is noted after it is durable, and what is read again is known by its id.

import type { EventLog, Position } from '../ports/event-log.ts'
import type { SharedReading } from '../ports/shared-log.ts'
import { HeldDecisions } from './held-decisions.ts'
import type { StopSignal } from './stop-signal.ts'

/** How far an archive is. */
export interface Archived {
  /** Position of its own last record. */
  readonly end: Position
  /** By source, up to where all is in it. */
  readonly sources: Readonly<Record<string, Position>>
}

interface ArchiveLimits {
  readonly recordsMax: number
  /** How long a batch waits for its first record, ms. */
  readonly waitMs: number
  /** How often it is noted how far it is, ms. */
  readonly noteEveryMs: number
}

const ARCHIVE_LIMITS: ArchiveLimits = { recordsMax: 5_000, waitMs: 200, noteEveryMs: 1_000 }

export interface ArchiveParts {
  /** Of all sources, each from where it was noted. */
  readonly reading: SharedReading
  readonly log: Pick<EventLog, 'append' | 'end'>
  /** As noted last. */
  readonly archived: Archived
  /** Keeps how far it is. */
  readonly note: (archived: Archived) => Promise<void>
  readonly limits?: Partial<ArchiveLimits>
  readonly now: () => number
  readonly told: (batch: ArchivedBatch) => void
}

export interface ArchivedBatch {
  readonly records: number
  /** Those that it had already. */
  readonly known: number
  /** Records that are in the shared log and not in the archive yet, by source. */
  readonly lag: ReadonlyMap<string, number>
}

/**
 * Goes on until it is told to stop, and notes then how far it is.
 * @throws {StoreError} when the shared log or the archive fails; nothing is lost, and to begin anew is safe
 */
export async function archiveLog(parts: ArchiveParts, signal: StopSignal): Promise<void> {
  const { reading, log, note, now, told } = parts
  const { recordsMax, waitMs, noteEveryMs } = { ...ARCHIVE_LIMITS, ...parts.limits }
  const sources = new Map(Object.entries(parts.archived.sources))
  const held = new HeldDecisions((source) => Promise.resolve(sources.get(source) ?? 0))
  const ends = new Map<string, Position>()
  let [noted, changed] = [now(), false]
  const noteNow = async (): Promise<void> => {
    await note({ end: log.end(), sources: Object.fromEntries(sources) })
    noted = now()
    changed = false
  }
  while (!signal.aborted) {
    const came = await held.due(await reading.next({ recordsMax, waitMs }))
    const records = came.flatMap((one) => one.records)
    const positions = records.length === 0 ? [] : await log.append(records)
    for (const { source, upTo, end } of came) {
      sources.set(source, upTo)
      ends.set(source, end)
      reading.applied(source, upTo)
    }
    changed ||= came.length > 0
    if (changed && (came.length === 0 || now() - noted >= noteEveryMs)) await noteNow()
    const lag = [...ends].map(
      ([source, end]) => [source, end - (sources.get(source) ?? 0)] as const,
    )
    const known = positions.filter((position) => position === null).length
    told({ records: records.length, known, lag: new Map(lag) })
  }
  if (changed) await noteNow()
}
