// Bytes to batches of whole lines, without decoding them: found by their line feeds, cut as views of the bytes.
// Invariant: every line gets its number, counted from 1; a line over the limit is passed over in bounded memory.

import { MESSAGE_BYTES_MOST } from '../../core/policy/settings-parts.ts'

const LF = 10

export interface BatchLimits {
  readonly linesMax: number
  readonly bytesMax: number
  readonly lineBytesMax: number
}

/** About what is resolved at once; a line is a message, as long as the settings can allow one to be. */
export const BATCH_LIMITS: BatchLimits = {
  linesMax: 1_000,
  bytesMax: 1_048_576,
  lineBytesMax: MESSAGE_BYTES_MOST,
}

export interface LineBatch {
  /** Number of the first line. */
  readonly firstLine: number
  readonly bytes: Buffer
  /** Where each line ends in `bytes`: the offset of its line feed, or of the end. */
  readonly ends: readonly number[]
}

/** A line that was too long to be looked at. */
export interface LongLine {
  readonly line: number
  readonly bytes: number
}

export class LineSplitter {
  readonly #limits: BatchLimits
  #chunks: Buffer[] = []
  #held = 0
  #line = 1
  /** Bytes of the overlong line that is being passed over; -1 when none is. */
  #passing = -1
  readonly #long: LongLine[] = []

  constructor(limits: BatchLimits = BATCH_LIMITS) {
    this.#limits = limits
  }

  /** Bytes held; past `bytesMax` a batch is due. */
  get held(): number {
    return this.#held
  }

  /** Number of the line that comes next. */
  get line(): number {
    return this.#line
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#held += chunk.length
  }

  /** Overlong lines that were passed over since the last call. */
  takeLong(): LongLine[] {
    return this.#long.splice(0)
  }

  /** The next whole lines; null when there is none yet. At the `end` of the input the rest is a line too. */
  take(end: boolean): LineBatch | null {
    const bytes = this.#joined()
    const start = this.#passing < 0 ? 0 : this.#passLong(bytes, 0, end)
    const firstLine = this.#line
    const ends: number[] = []
    const limit = start + this.#limits.bytesMax
    let from = start
    while (ends.length < this.#limits.linesMax && from < limit) {
      let at = bytes.indexOf(LF, from)
      if (at < 0 && end && from < bytes.length) at = bytes.length
      if (at < 0 || at - from > this.#limits.lineBytesMax) break
      ends.push(at)
      from = Math.min(at + 1, bytes.length)
    }
    this.#line += ends.length
    if (ends.length > 0) {
      this.#keep(bytes, from)
      return { firstLine, bytes: bytes.subarray(start, from), ends: shifted(ends, start) }
    }
    if (bytes.length - from <= this.#limits.lineBytesMax) {
      this.#keep(bytes, from)
      return null
    }
    this.#passing = 0
    this.#keep(bytes, this.#passLong(bytes, from, end))
    return this.#held > 0 && this.#passing < 0 ? this.take(end) : null
  }

  /** Passes over an overlong line; where the next one begins. */
  #passLong(bytes: Buffer, from: number, end: boolean): number {
    const at = bytes.indexOf(LF, from)
    if (at < 0 && !end) {
      this.#passing += bytes.length - from
      return bytes.length
    }
    const stop = at < 0 ? bytes.length : at
    this.#long.push({ line: this.#line, bytes: this.#passing + stop - from })
    this.#line += 1
    this.#passing = -1
    return Math.min(stop + 1, bytes.length)
  }

  #joined(): Buffer {
    const [first] = this.#chunks
    const bytes =
      first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
    this.#chunks = [bytes]
    return bytes
  }

  #keep(bytes: Buffer, from: number): void {
    this.#chunks = from < bytes.length ? [bytes.subarray(from)] : []
    this.#held = bytes.length - from
  }
}

function shifted(ends: readonly number[], by: number): readonly number[] {
  return by === 0 ? ends : ends.map((end) => end - by)
}
