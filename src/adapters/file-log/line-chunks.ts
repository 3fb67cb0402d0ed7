// The bytes of the lines of one write, in chunks of a fixed size that are used again for later writes.

import { lineBytesMax, writeLine } from './line.ts'
import type { Position } from '../../ports/event-log.ts'

const CHUNK_BYTES = 1 << 20
/** Free chunks kept for later writes. */
const FREE_CHUNKS_MAX = 8

interface Chunk {
  readonly bytes: Buffer
  used: number
}

/** Chunks that no write needs at the moment. */
export type FreeChunks = Buffer[]

export class LineChunks {
  readonly #free: FreeChunks
  readonly #chunks: Chunk[] = []
  #bytes = 0

  constructor(free: FreeChunks) {
    this.#free = free
  }

  /** Of all lines. */
  get bytes(): number {
    return this.#bytes
  }

  /** Appends the line of a record; `write` is the position of the write's first. */
  add(position: Position, write: Position, columns: string, body: string): void {
    const chunk = this.#room(lineBytesMax(columns, body))
    const end = writeLine(chunk.bytes, chunk.used, position, write, columns, body)
    this.#bytes += end - chunk.used
    chunk.used = end
  }

  /** The lines' bytes in order. */
  views(): Uint8Array[] {
    return this.#chunks.map(({ bytes, used }) => bytes.subarray(0, used))
  }

  /** Gives the chunks back; the lines are gone. */
  release(): void {
    for (const { bytes } of this.#chunks) {
      if (bytes.length === CHUNK_BYTES && this.#free.length < FREE_CHUNKS_MAX)
        this.#free.push(bytes)
    }
    this.#chunks.length = 0
  }

  #room(bytes: number): Chunk {
    const last = this.#chunks.at(-1)
    if (last !== undefined && last.bytes.length - last.used >= bytes) return last
    const fresh =
      bytes > CHUNK_BYTES
        ? Buffer.allocUnsafeSlow(bytes)
        : (this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES))
    const chunk = { bytes: fresh, used: 0 }
    this.#chunks.push(chunk)
    return chunk
  }
}
