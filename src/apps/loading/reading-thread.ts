// The thread that reads lines: parses and understands them while the next ones are stored and resolved elsewhere.

import { Packer, type FlatMessages } from './flat-messages.ts'
import { messagesOfLines, type ReadLines, type Reading } from './messages-of-lines.ts'
import type { LineBatch } from './split-lines.ts'
import { answerAsks, type Given } from './understanding-thread.ts'

export interface ReadingAsk {
  readonly batch: Omit<LineBatch, 'bytes'> & { readonly bytes: Uint8Array<ArrayBuffer> }
  readonly reading: Reading
}

export interface ReadingAnswer extends Pick<ReadLines, 'lines' | 'refused'> {
  readonly messages: FlatMessages
  /** What each message is kept as; null when that is its line. */
  readonly raws: readonly string[] | null
}

answerAsks((extraction) => {
  const packer = new Packer()
  const isKept = extraction.settings.contacts === 'keep'
  return ({ batch, reading }: ReadingAsk): Given<ReadingAnswer> => {
    const bytes = Buffer.from(batch.bytes.buffer)
    const { messages, lines, refused } = messagesOfLines(extraction, { ...batch, bytes }, reading)
    const flat = packer.pack(messages)
    const raws = isKept ? null : messages.map((one) => ('raw' in one ? one.raw : ''))
    return { answer: { lines, refused, messages: flat, raws }, given: flat.numbers.buffer }
  }
})
