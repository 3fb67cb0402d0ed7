// What a shared log delivers, into the log of columns that a batch reads. Invariant: a record is in it once: how far it was
// read is noted after it is durable, and what is read again is known by its id.

import type { EventLog, Position } from '../ports/event-log.ts'
import type { Delivered, SharedReading } from '../ports/shared-log.ts'
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
  const archiving = new Archiving(parts)
  const { recordsMax, waitMs } = archiving.limits
  // While a batch is written the next one is read.
  let writing: Promise<void> = Promise.resolve()
  while (!signal.aborted) {
    const came = await archiving.due(await parts.reading.next({ recordsMax, waitMs }))
    await writing
    writing = archiving.take(came)
    // Its failure is met above; until then it must not count as unhandled.
    writing.catch(() => undefined)
  }
  await writing
  await archiving.noteChanges()
}

class Archiving {
  readonly limits: ArchiveLimits
  readonly #parts: ArchiveParts
  readonly #sources: Map<string, Position>
  readonly #ends = new Map<string, Position>()
  readonly #held: HeldDecisions
  #noted: number
  #changed = false

  constructor(parts: ArchiveParts) {
    this.#parts = parts
    this.limits = { ...ARCHIVE_LIMITS, ...parts.limits }
    this.#sources = new Map(Object.entries(parts.archived.sources))
    this.#held = new HeldDecisions((source) => Promise.resolve(this.#sources.get(source) ?? 0))
    this.#noted = parts.now()
  }

  /** What can be archived now. */
  due(came: readonly Delivered[]): Promise<readonly Delivered[]> {
    return this.#held.due(came)
  }

  async take(came: readonly Delivered[]): Promise<void> {
    const { reading, log, now, told } = this.#parts
    const records = came.flatMap((one) => one.records)
    const positions = records.length === 0 ? [] : await log.append(records)
    for (const { source, upTo, end } of came) {
      this.#sources.set(source, upTo)
      this.#ends.set(source, end)
      reading.applied(source, upTo)
    }
    this.#changed ||= came.length > 0
    if (came.length === 0 || now() - this.#noted >= this.limits.noteEveryMs)
      await this.noteChanges()
    const known = positions.filter((position) => position === null).length
    told({ records: records.length, known, lag: this.#lag() })
  }

  async noteChanges(): Promise<void> {
    if (!this.#changed) return
    const { log, note, now } = this.#parts
    await note({ end: log.end(), sources: Object.fromEntries(this.#sources) })
    this.#noted = now()
    this.#changed = false
  }

  #lag(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#ends].map(([source, end]) => [source, end - (this.#sources.get(source) ?? 0)]),
    )
  }
}
