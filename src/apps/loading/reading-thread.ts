// The thread that reads lines: parses and understands them while the next ones are stored and resolved elsewhere.
// Invariant: answers in the order of the asks.

import { parentPort, workerData } from 'node:worker_threads'

import { createExtraction, parseSettings } from '../../core/index.ts'
import { sha256 } from '../account/digest.ts'
import { Packer, type FlatMessages } from './flat-messages.ts'
import { messagesOfLines, type ReadLines, type Reading } from './messages-of-lines.ts'
import type { LineBatch } from './split-lines.ts'

export interface ReadingAsk {
  readonly batch: Omit<LineBatch, 'bytes'> & { readonly bytes: Uint8Array<ArrayBuffer> }
  readonly reading: Reading
}

export interface ReadingAnswer extends Pick<ReadLines, 'lines' | 'refused'> {
  readonly messages: FlatMessages
  /** What each message is kept as; null when that is its line. */
  readonly raws: readonly string[] | null
}

const port = parentPort
if (port === null) throw new Error('lines are read in a thread of their own')
const parsed = parseSettings(workerData)
if (!parsed.ok) throw new Error('the thread that reads lines was given wrong settings')
const { settings } = parsed
const extraction = createExtraction(settings, sha256)
const packer = new Packer()

port.on('message', ({ batch, reading }: ReadingAsk) => {
  const bytes = Buffer.from(batch.bytes.buffer)
  const { messages, lines, refused } = messagesOfLines(extraction, { ...batch, bytes }, reading)
  const flat = packer.pack(messages)
  const raws =
    settings.contacts === 'keep' ? null : messages.map((one) => ('raw' in one ? one.raw : ''))
  const answer: ReadingAnswer = { lines, refused, messages: flat, raws }
  port.postMessage(answer, [flat.numbers.buffer])
})
port.postMessage('ready')
