// Who reads the lines of a load: this thread, and once there is much to read, one beside it.
// Invariant: batches are answered in the order they were given, whoever reads them.

import { EXTRACTION_VERSION, type Extraction, type Fact } from '../../core/index.ts'
import type { MessageRecord } from '../../ports/event-log.ts'
import { Unpacker } from './flat-messages.ts'
import { messagesOfLines, textOfLine, type ReadLines, type Reading } from './messages-of-lines.ts'
import type { ReadingAnswer, ReadingAsk } from './reading-thread.ts'
import type { LineBatch } from './split-lines.ts'
import { UnderstandingThread } from './understanding-thread.ts'

export interface LineReader {
  read(batch: LineBatch, reading: Reading): ReadLines | Promise<ReadLines>
  close(): Promise<void>
}

/** A thread costs as much to start as so many batches cost to read. */
const BATCHES_BEFORE_THREAD = 4

export function lineReader(extraction: Extraction): LineReader {
  let batches = 0
  let beside: ReadingThread | null = null
  return {
    read: (batch, reading) => {
      batches++
      if (batches > BATCHES_BEFORE_THREAD) beside ??= new ReadingThread(extraction)
      return beside?.hasStarted === true
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
  readonly #thread: UnderstandingThread<ReadingAsk, ReadingAnswer>
  readonly #unpacker: Unpacker

  constructor(extraction: Extraction) {
    this.#thread = new UnderstandingThread('./reading-thread', import.meta.url, extraction)
    this.#unpacker = new Unpacker(extraction.settings.account)
  }

  /** Whether it has started; one that has failed since fails what it is asked. */
  get hasStarted(): boolean {
    return this.#thread.hasStarted
  }

  async read(batch: LineBatch, reading: Reading): Promise<ReadLines> {
    const bytes = new Uint8Array(batch.bytes)
    const asked = this.#thread.ask({ batch: { ...batch, bytes }, reading }, bytes.buffer)
    const { messages, lines, refused, raws } = await asked
    const recordOf = (fact: Fact, i: number): MessageRecord =>
      new LineMessage(fact, raws?.[i] ?? batch, lines[i] ?? 0)
    return { messages: this.#unpacker.unpack(messages, recordOf), lines, refused }
  }

  async close(): Promise<void> {
    await this.#thread.close()
  }
}
