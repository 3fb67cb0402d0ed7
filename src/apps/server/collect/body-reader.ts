// Who reads large bodies: a thread of their own, so that meanwhile messages are resolved and questions answered here.
// Invariant: what is read there is what is read here; what waits for it is bounded.

import { EXTRACTION_VERSION, type Extraction } from '../../../core/index.ts'
import { Unpacker } from '../../loading/flat-messages.ts'
import { UnderstandingThread } from '../../loading/understanding-thread.ts'
import type { BodyAnswer, BodyAsk } from './body-thread.ts'
import type { Bytes, Speaking } from './posted-body.ts'
import type { ReadMessage, Tracking } from './tracked-messages.ts'
import { WIRES, type RefusalReason, type Wire } from './wire.ts'

/** A smaller one is read sooner than it is sent to another thread. */
const BYTES_MIN = 4 * 1024
/** Bodies read here before there is a thread: to start one costs as much as to read so many. */
const BODIES_BEFORE_THREAD = 8
/** Bytes that wait to be read; past it clients get 429. */
const WAITING_BYTES_MAX = 2 * 1024 * 1024

export interface ReadBody {
  readonly wire: Wire
  /** Of a body of which nothing is taken. */
  readonly text: string | undefined
  readonly messages: readonly ReadMessage[] | RefusalReason
}

export class BodyReader {
  readonly #extraction: Extraction
  readonly #unpacker: Unpacker
  #thread: UnderstandingThread<BodyAsk, BodyAnswer> | null = null
  #large = 0
  #waitingBytes = 0

  constructor(extraction: Extraction) {
    this.#extraction = extraction
    this.#unpacker = new Unpacker(extraction.settings.account)
  }

  /** Whether so much waits that more should be sent again later. */
  get isFull(): boolean {
    return this.#waitingBytes >= WAITING_BYTES_MAX
  }

  /** Whether a body is better read by the thread, and there is one. */
  wants(posted: unknown): posted is Bytes {
    if (!(posted instanceof Uint8Array) || posted.length < BYTES_MIN) return false
    this.#large++
    if (this.#large > BODIES_BEFORE_THREAD) {
      this.#thread ??= new UnderstandingThread('./body-thread', import.meta.url, this.#extraction)
    }
    // One that fails is a bug, or memory was full; what it had is sent again and read here.
    return this.#thread?.hasStarted === true && !this.#thread.hasFailed
  }

  /** Reads a body that is wanted. The bytes are given away. */
  async read(bytes: Bytes, speaking: Speaking, tracking: Tracking): Promise<ReadBody> {
    if (this.#thread === null) throw new Error('a body that nobody wanted')
    const { length } = bytes
    this.#waitingBytes += length
    try {
      // A body may be a piece of what was received together.
      const own = bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
      return this.#unpacked(await this.#thread.ask({ bytes: own, speaking, tracking }, own.buffer))
    } finally {
      this.#waitingBytes -= length
    }
  }

  async close(): Promise<void> {
    await this.#thread?.close()
  }

  #unpacked({ wire, text, messages }: BodyAnswer): ReadBody {
    if (typeof messages === 'string') return { wire: WIRES[wire], text, messages }
    const { flat, raws, refused } = messages
    const read: ReadMessage[] = this.#unpacker
      .unpack(flat, (fact, i) => {
        return { kind: 'message', fact, extractionVersion: EXTRACTION_VERSION, raw: raws[i] ?? '' }
      })
      .filter((one) => 'kind' in one)
    for (const { at, ...one } of refused) read.splice(at, 0, one)
    return { wire: WIRES[wire], text, messages: read }
  }
}
