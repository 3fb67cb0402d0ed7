// Who reads the lines of a load: this thread, and once there is much to read, one beside it.
// Invariant: batches are answered in the order they were given, whoever reads them.

import { Worker } from 'node:worker_threads'

import { EXTRACTION_VERSION, type Extraction, type Fact } from '../../core/index.ts'
import type { MessageRecord } from '../../ports/event-log.ts'
import { Unpacker } from './flat-messages.ts'
import { messagesOfLines, textOfLine, type ReadLines, type Reading } from './messages-of-lines.ts'
import type { ReadingAnswer, ReadingAsk } from './reading-thread.ts'
import type { LineBatch } from './split-lines.ts'

export interface LineReader {
  read(batch: LineBatch, reading: Reading): ReadLines | Promise<ReadLines>
  close(): Promise<void>
}

/** A thread costs as much to start as so many batches cost to read. */
const BATCHES_BEFORE_THREAD = 4

interface Pending {
  readonly batch: LineBatch
  readonly resolve: (lines: ReadLines) => void
  readonly reject: (cause: unknown) => void
}

export function lineReader(extraction: Extraction): LineReader {
  let batches = 0
  let beside: ReadingThread | null = null
  return {
    read: (batch, reading) => {
      batches++
      if (batches > BATCHES_BEFORE_THREAD) beside ??= new ReadingThread(extraction)
      return beside?.ready === true
        ? beside.read(batch, reading)
        : messagesOfLines(extraction, batch, reading)
    },
    close: async () => beside?.close(),
  }
}

/** A message whose text is made of its line when it is asked for: texts that lie around cost more than making them. */
class LineMessage implements MessageRecord {
  readonly kind = 'message'
  readonly extractionVersion = EXTRACTION_VERSION
  readonly fact: Fact
  private readonly source: LineBatch | string
  private readonly line: number

  constructor(fact: Fact, source: LineBatch | string, line: number) {
    this.fact = fact
    this.source = source
    this.line = line
  }

  get raw(): string {
    return typeof this.source === 'string' ? this.source : textOfLine(this.source, this.line)
  }
}

class ReadingThread {
  /** Whether it has started. */
  ready = false
  readonly #worker: Worker
  readonly #unpacker: Unpacker
  readonly #pending: Pending[] = []
  #failure: { readonly cause: unknown } | null = null

  constructor({ settings }: Extraction) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    this.#unpacker = new Unpacker(settings.account)
    this.#worker = new Worker(new URL(`./reading-thread.${extension}`, import.meta.url), {
      workerData: settings,
    })
    this.#worker.on('message', (answer: 'ready' | ReadingAnswer) => {
      if (answer === 'ready') this.ready = true
      else this.#hear(answer)
    })
    this.#worker.on('error', (cause) => this.#fail(cause))
    this.#worker.on('exit', () => this.#fail(new Error('the thread that reads lines has ended')))
  }

  read(batch: LineBatch, reading: Reading): Promise<ReadLines> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure.cause)
        return
      }
      this.#pending.push({ batch, resolve, reject })
      const ask: ReadingAsk = { batch: { ...batch, bytes: new Uint8Array(batch.bytes) }, reading }
      this.#worker.postMessage(ask, [ask.batch.bytes.buffer])
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #hear({ messages, lines, refused, raws }: ReadingAnswer): void {
    const pending = this.#pending.shift()
    if (pending === undefined) return
    const { batch } = pending
    const recordOf = (fact: Fact, i: number): MessageRecord =>
      new LineMessage(fact, raws?.[i] ?? batch, lines[i] ?? 0)
    pending.resolve({ messages: this.#unpacker.unpack(messages, recordOf), lines, refused })
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause }
    for (const pending of this.#pending.splice(0)) pending.reject(cause)
  }
}
