// Appending: calls that come together share one write and one sync; while it runs the next write is made up.
// Invariant: a call is answered only when all its records, and those its duplicates repeat, are durable; after a
// failure ids, positions and the file fall back to what is durable.

import { setImmediate } from 'node:timers/promises'
import type { Appended, LogRecord, Position } from '../../ports/event-log.ts'
import type { StoreError } from '../../ports/store-error.ts'
import { storeErrorOf } from './failures.ts'
import { ENTRY_WORDS, hashId, type IdHash } from './id-table.ts'
import { LineChunks, type FreeChunks } from './line-chunks.ts'
import { lineBytesMax } from './line.ts'
import { OpenSegment } from './open-segment.ts'
import { bodyOf, columnsOf } from './record-columns.ts'

/** What a JavaScript date can hold, in ms before or after 1970; DuckDB's timestamps reach further. */
const TIME_MS_MAX = 8.64e15

export interface AppendLimits {
  /** A write that finds the segment this long, or with this many records, starts the next one. */
  readonly segmentBytesMax: number
  readonly segmentRecordsMax: number
  /** Of one record's columns and body, in UTF-8. A longer one is refused with a RangeError, and its whole call. */
  readonly recordBytesMax: number
}

/** What the queue needs of the log around it. */
export interface AppendContext {
  readonly directory: string
  readonly account: string
  readonly limits: AppendLimits
  /** Whether a closed segment has the id. */
  readonly hasId: (id: IdHash) => boolean
  /** `closed` has got its last record, `last`; `successor` takes over. */
  readonly onClosed: (closed: OpenSegment, last: Position, successor: OpenSegment) => void
}

/** Records that become durable together. */
interface Write {
  readonly segment: OpenSegment
  readonly first: Position
  readonly idsBefore: number
  readonly lines: LineChunks
  readonly done: Deferred
}

interface Deferred {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: StoreError) => void
}

interface NewRecord {
  readonly id: IdHash
  readonly columns: string
  readonly body: string
}

export class AppendQueue {
  readonly #context: AppendContext
  readonly #free: FreeChunks = []
  /**
   * From the one with the last durable record to the one where new records go, in the order in which they are written
   * to. The files of those behind the first are created by their first write.
   */
  #segments: [OpenSegment, ...OpenSegment[]]
  #end: Position
  #next: Position
  /** Being made up while another one runs. */
  #pending: Write | null = null
  #running: Promise<void> | null = null
  /** Settles with the write that was begun last. */
  #lastDone: Promise<void> = Promise.resolve()

  /** @param next the position behind the last record of `segment`, which is durable */
  constructor(context: AppendContext, segment: OpenSegment, next: Position) {
    this.#context = context
    this.#segments = [segment]
    this.#next = next
    this.#end = next - 1
  }

  /** Position of the last durable record. */
  get end(): Position {
    return this.#end
  }

  /** The segment with the last durable record, or where the first one will go. */
  get active(): OpenSegment {
    return this.#segments[0]
  }

  /** As `EventLog.append`. */
  async append(records: readonly LogRecord[]): Promise<Appended> {
    const positions = this.#take(records)
    if (this.#pending !== null) this.#running ??= this.#run()
    await this.#lastDone
    return positions
  }

  /** Resolves when nothing is being written any more, and closes the files. */
  async close(): Promise<void> {
    await this.#running
    for (const segment of this.#segments) await segment.close()
  }

  /** Apart from `append`, so that what is made of the records need not outlive the disk's pace. */
  #take(records: readonly LogRecord[]): Appended {
    // Whatever can be refused is refused before the first record is taken.
    const made = records.map((record) => this.#make(record))
    return made.map((record) => (record === null ? null : this.#add(record)))
  }

  /** Null for a record whose id the log has. */
  #make(record: LogRecord): NewRecord | null {
    const id: IdHash = new Uint32Array(ENTRY_WORDS)
    if (record.kind === 'decision') hashId('decision', record.id, id)
    else hashId('message', record.fact.id, id)
    if (this.#segments.some(({ ids }) => ids.has(id)) || this.#context.hasId(id)) return null
    const columns = columnsOf(record)
    const body = bodyOf(record)
    this.#check(record, columns, body)
    return { id, columns, body }
  }

  /** What a caller must not pass: it would stand in the way of sealing for good. */
  #check(record: LogRecord, columns: string, body: string): void {
    const { account, limits } = this.#context
    const bytesMax = lineBytesMax(columns, body)
    if (
      bytesMax > limits.recordBytesMax &&
      Buffer.byteLength(columns) + Buffer.byteLength(body) > limits.recordBytesMax
    ) {
      throw new RangeError(`a record is longer than recordBytesMax, ${limits.recordBytesMax}`)
    }
    const times =
      record.kind === 'decision' ? [record.at] : [record.fact.at, record.fact.receivedAt]
    if (!times.every((time) => Number.isInteger(time) && Math.abs(time) <= TIME_MS_MAX)) {
      throw new RangeError(`a record has the time ${times.join(' or ')}, not whole milliseconds`)
    }
    if (record.kind === 'message' && record.fact.account !== account) {
      throw new RangeError(`a record is of account ${record.fact.account}, not of ${account}`)
    }
  }

  /** Takes a record into the write that is being made up; null if the call had its id before. */
  #add(record: NewRecord): Position | null {
    const write = (this.#pending ??= this.#begin())
    const { segment, lines } = write
    if (!segment.ids.add(record.id)) return null
    const position = this.#next
    this.#next += 1
    segment.marks.note(position, segment.bytes + lines.bytes)
    lines.add(position, write.first, record.columns, record.body)
    return position
  }

  #begin(): Write {
    const { directory, limits } = this.#context
    let segment = this.#segments.at(-1) ?? this.#segments[0]
    if (segment.bytes >= limits.segmentBytesMax || segment.ids.count >= limits.segmentRecordsMax) {
      segment = new OpenSegment(directory, this.#next)
      this.#segments.push(segment)
    }
    const done = deferred()
    this.#lastDone = done.promise
    const lines = new LineChunks(this.#free)
    return { segment, first: this.#next, idsBefore: segment.ids.count, lines, done }
  }

  async #run(): Promise<void> {
    // Calls of the same turn of the event loop join the first write.
    await setImmediate()
    while (this.#pending !== null) {
      const write = this.#pending
      this.#pending = null
      write.segment.bytes += write.lines.bytes
      const next = this.#next
      try {
        await this.#commit(write)
        this.#end = next - 1
        write.done.resolve()
      } catch (cause) {
        this.#fallBack(write, storeErrorOf(cause, this.#context.directory))
      }
      write.lines.release()
    }
    this.#running = null
  }

  async #commit(write: Write): Promise<void> {
    const { segment } = write
    const [active] = this.#segments
    if (segment === active) {
      if (!segment.exists) await segment.create()
    } else {
      await active.repair()
      await segment.create()
      this.#segments = [segment, ...this.#segments.slice(2)]
      this.#context.onClosed(active, this.#end, segment)
      await active.close()
    }
    await segment.write(write.lines.views())
  }

  /** Forgets all that is not durable: the write that failed, and the one made up behind it. */
  #fallBack(failed: Write, error: StoreError): void {
    const writes = this.#pending === null ? [failed] : [this.#pending, failed]
    this.#pending = null
    this.#lastDone = Promise.resolve()
    this.#next = this.#end + 1
    for (const { segment, idsBefore, done } of writes) {
      segment.ids.truncate(idsBefore)
      segment.marks.truncate(this.#end)
      segment.bytes = segment.durableBytes
      done.reject(error)
    }
    this.#segments = [this.#segments[0]]
  }
}

function nothing(): void {}

function deferred(): Deferred {
  let resolve: () => void = nothing
  let reject: (error: StoreError) => void = nothing
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
