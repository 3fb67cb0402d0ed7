// A partition that a reader holds: where it stands, and what was fetched ahead of it.
// Invariant: what was fetched before a seek, or before the partition was lost, is never delivered after it.

import type { RecordsBatch } from '@platformatic/kafka'
import type { StoreError } from '../../ports/store-error.ts'
import { isControl } from './committed.ts'
import type { Origin, Place, RawRecord } from './decode.ts'

/** Bit of a batch's attributes. */
const LOG_APPEND_TIME = 8

interface Stretch {
  readonly records: readonly RawRecord[]
  readonly bytes: number
  /** Offset behind it. */
  readonly behind: number
}

/** Records in order, and the offset behind them. */
export interface Taken {
  readonly records: readonly RawRecord[]
  readonly behind: number
}

export class HeldSource<At extends Place = Origin> {
  readonly origin: At
  /** Offset from which to fetch next; null until it is known where to begin. */
  fetchFrom: number | null = null
  /** Offset behind the last record of the source. */
  end = 0
  /** Offset of what is to be delivered next. */
  next = 0
  /** Bytes fetched ahead. */
  bytes = 0
  failure: StoreError | null = null
  /** Another one after every seek. */
  version = 0
  #stretches: Stretch[] = []
  /** Records of the first stretch that were taken. */
  #taken = 0

  constructor(origin: At) {
    this.origin = origin
  }

  /** Goes on at this offset. */
  seek(offset: number): void {
    this.version++
    this.fetchFrom = offset
    this.next = offset
    this.failure = null
    this.bytes = 0
    this.#stretches = []
    this.#taken = 0
  }

  hasMore(): boolean {
    return this.#stretches.length > 0
  }

  /** Takes in what was fetched from `from` on, unless it stands elsewhere by now. */
  accept(version: number, from: number, batches: readonly RecordsBatch[]): void {
    if (version !== this.version) return
    for (const batch of batches) {
      const behind = Number(batch.firstOffset) + batch.lastOffsetDelta + 1
      if (behind <= from) continue
      const records = isControl(batch) ? [] : recordsOf(batch, from)
      this.#stretches.push({ records, bytes: batch.length, behind })
      this.bytes += batch.length
      this.fetchFrom = behind
    }
  }

  /** The next records, at most `limit`, which stay. */
  peek(limit: number): Taken {
    const records: RawRecord[] = []
    let behind = 0
    let skip = this.#taken
    for (const stretch of this.#stretches) {
      const room = limit - records.length
      if (room <= 0 && stretch.records.length > 0) break
      const part = stretch.records.slice(skip, skip + room)
      for (const record of part) records.push(record)
      const whole = skip + part.length === stretch.records.length
      behind = whole ? stretch.behind : (part.at(-1)?.offset ?? 0) + 1
      if (!whole) break
      skip = 0
    }
    return { records, behind }
  }

  /** Drops what stands before this offset: it was delivered. */
  drop(behind: number): void {
    this.next = behind
    for (;;) {
      const [first] = this.#stretches
      if (first === undefined || first.behind > behind) break
      this.#stretches.shift()
      this.#taken = 0
      this.bytes -= first.bytes
    }
    const [first] = this.#stretches
    if (first === undefined) return
    while ((first.records[this.#taken]?.offset ?? behind) < behind) this.#taken++
  }
}

/** Each time another one first, so that none always comes after the others. */
export function inTurn<Source>(sources: readonly Source[], turn: number): readonly Source[] {
  const first = turn % Math.max(1, sources.length)
  return [...sources.slice(first), ...sources.slice(0, first)]
}

function recordsOf(batch: RecordsBatch, from: number): readonly RawRecord[] {
  const { attributes, firstOffset, firstTimestamp, maxTimestamp } = batch
  const first = Number(firstOffset)
  const stamped = (attributes & LOG_APPEND_TIME) !== 0
  const base = Number(firstTimestamp)
  const appended = Number(maxTimestamp)
  const records: RawRecord[] = []
  for (const { offsetDelta, timestampDelta, key, value } of batch.records) {
    const offset = first + offsetDelta
    if (offset < from) continue
    const at = stamped ? appended : base + Number(timestampDelta)
    records.push({ offset, at, key, value })
  }
  return records
}
