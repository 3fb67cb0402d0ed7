// A file into a sink: read as a stream, cut into batches, some in flight, so that reading, fsync and resolving overlap.
// Invariant: memory stays bounded whatever the file holds, and what was submitted is waited for, also on a stop.

import { refusedLong, type RefusedLine } from './messages-of-lines.ts'
import { openInput, readFailure } from './open-input.ts'
import { BATCH_LIMITS, LineSplitter, type LineBatch } from './split-lines.ts'
import type { BatchOutcome, Sink } from './take-lines.ts'

const IN_FLIGHT_MAX = 3

export interface Load {
  readonly sink: Sink
  /** A longer line is refused. */
  readonly lineBytesMax: number
  /** Aborted to stop after what is in flight. */
  readonly signal: AbortSignal
  /** Told of every batch that is done. */
  readonly done: (batch: BatchOutcome) => Promise<void> | void
  /** Told of every chunk read, in bytes as they lie on the disk. */
  readonly read: (bytes: number) => void
}

/** How far a file was loaded: everything up to this line is durable and resolved. */
export interface Loaded {
  readonly lastLine: number
  readonly complete: boolean
}

/** Loads one file (`-`: standard input). @throws {StoreError | UserError} after waiting for what is in flight. */
export async function loadFile(load: Load, file: string): Promise<Loaded> {
  const { signal } = load
  const feed = new Feed(load)
  const input = openInput(file, load.read)
  const close = (): void => input.close()
  signal.addEventListener('abort', close)
  try {
    for await (const chunk of input.bytes) {
      if (signal.aborted) break
      await feed.push(chunk)
    }
    if (!signal.aborted) await feed.end()
  } catch (cause) {
    // Closing the input on a stop looks like a failure of reading.
    if (!signal.aborted) {
      await feed.settle().catch(() => undefined)
      throw readFailure(file, feed.lastLine, cause)
    }
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
  await feed.settle()
  return { lastLine: feed.lastLine, complete: !signal.aborted }
}

/** Batches on their way to the sink. Small ones while it has time, full ones while it is busy. */
class Feed {
  readonly #load: Load
  readonly #splitter: LineSplitter
  #inFlight = 0
  #ended = false
  #failure: { readonly cause: unknown } | null = null
  #wake: (() => void) | null = null
  /** Up to this line everything is done. */
  lastLine = 0

  constructor(load: Load) {
    this.#load = load
    this.#splitter = new LineSplitter({ ...BATCH_LIMITS, lineBytesMax: load.lineBytesMax })
  }

  async push(chunk: Buffer): Promise<void> {
    this.#splitter.push(chunk)
    this.#pump()
    while (this.#splitter.held > BATCH_LIMITS.bytesMax && this.#inFlight > 0) await this.#change()
    this.#check()
  }

  async end(): Promise<void> {
    this.#ended = true
    this.#pump()
    while (this.#splitter.held > 0 && this.#inFlight > 0) await this.#change()
    this.#check()
  }

  /** Waits for what is in flight. */
  async settle(): Promise<void> {
    while (this.#inFlight > 0) await this.#change()
    this.#check()
  }

  #pump(): void {
    while (this.#inFlight < IN_FLIGHT_MAX && this.#failure === null && !this.#load.signal.aborted) {
      const batch = this.#splitter.take(this.#ended)
      const long = this.#splitter.takeLong()
      if (batch === null && long.length === 0) return
      this.#inFlight++
      void this.#send(
        batch,
        long.map((one) => refusedLong(one, this.#load.lineBytesMax)),
      )
    }
  }

  async #send(batch: LineBatch | null, long: readonly RefusedLine[]): Promise<void> {
    try {
      const { sink, done } = this.#load
      const outcome = batch === null ? NOTHING : await sink.submit(batch)
      await done({ ...outcome, refused: [...long, ...outcome.refused] })
      if (batch !== null && this.#failure === null)
        this.lastLine = batch.firstLine + batch.ends.length - 1
    } catch (cause) {
      this.#failure ??= { cause }
    }
    this.#inFlight--
    this.#pump()
    this.#wake?.()
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure.cause
  }
}

const NOTHING: BatchOutcome = { accepted: 0, duplicates: 0, refused: [] }
