// Lines read by the thread beside are read as by this one, in their order.
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, expect, test } from 'vitest'

import { createExtraction, parseSettings } from '../../core/index.ts'
import { sha256 } from '../account/digest.ts'
import { messagesOfLines, type ReadLines } from './messages-of-lines.ts'
import { lineReader, type LineReader } from './read-lines.ts'
import { LineSplitter, type LineBatch } from './split-lines.ts'

const READING = { site: 'shop', now: Date.UTC(2026, 2, 2), others: {} }
const BATCHES = 40
const LINES = [
  '\uFEFF{"type":"identify","anonymousId":"c-1","userId":"u-1","messageId":"m-1","traits":{"email":"ana@mail.example"}}',
  '{"type":"page","anonymousId":"c-1","messageId":"m-2","context":{"ip":"203.0.113.7","userAgent":"Firefox"}}\r',
  'no JSON',
  '',
  '{"type":"page","messageId":"nobody"}',
  '{"type":"track","event":"Kauf \u{1D11E}","anonymousId":"c-2","messageId":"m-3","site":"blog"}',
  '{"type":"page","anonymousId":"c-1","site":"No Site"}',
]

let reader: LineReader | null = null
afterEach(async () => {
  await reader?.close()
  reader = null
})

/** Every batch holds all the lines; the messages differ from batch to batch. */
function batchesOf(): LineBatch[] {
  const splitter = new LineSplitter({ linesMax: LINES.length, bytesMax: 1e6, lineBytesMax: 1e6 })
  for (let batch = 0; batch < BATCHES; batch++) {
    const lines = LINES.map((line) => `${line.replaceAll('"m-', `"${batch}-`)}\n`)
    splitter.push(Buffer.from(lines.join('')))
  }
  return Array.from({ length: BATCHES }, () => splitter.take(true)).filter((b) => b !== null)
}

/** What a batch was read as, with the texts of its messages. */
function plain({ messages, lines, refused }: ReadLines): unknown {
  const read = messages.map((one) => ('kind' in one ? { fact: one.fact, raw: one.raw } : one))
  return { messages: read, lines, refused }
}

/** The thread takes its time to start; until then batches are read here. */
async function untilBeside(lines: LineReader, batches: readonly LineBatch[]): Promise<void> {
  let beside = false
  while (!beside) {
    await sleep(10)
    for (const batch of batches) {
      const reading = lines.read(batch, READING)
      beside = reading instanceof Promise
      await reading
    }
  }
}

test.each(['keep', 'hash'] as const)('with contacts: %j', async (contacts) => {
  const settings = parseSettings({ contacts })
  if (!settings.ok) throw new Error('the settings of this test are wrong')
  const extraction = createExtraction(settings.settings, sha256)
  reader = lineReader(extraction)
  const batches = batchesOf()
  expect(batches).toHaveLength(BATCHES)
  for (const batch of batches.slice(0, 5)) {
    expect(plain(await reader.read(batch, READING))).toEqual(expected(batch))
  }
  await untilBeside(reader, batches)
  const readings = batches.map((batch) => reader?.read(batch, READING))
  expect(readings.every((reading) => reading instanceof Promise)).toBe(true)
  for (const [i, reading] of readings.entries()) {
    const [lines, batch] = [await reading, batches[i]]
    if (lines === undefined || batch === undefined) throw new Error('a batch was not read')
    expect(plain(lines)).toEqual(expected(batch))
  }

  function expected(batch: LineBatch): unknown {
    return plain(messagesOfLines(extraction, batch, READING))
  }
})

test('a reader that was closed says so', async () => {
  const settings = parseSettings({})
  if (!settings.ok) throw new Error('the settings of this test are wrong')
  const closed = lineReader(createExtraction(settings.settings, sha256))
  const [batch] = batchesOf()
  if (batch === undefined) throw new Error('no batch')
  await untilBeside(closed, [batch])
  await closed.close()
  await expect(closed.read(batch, READING)).rejects.toThrow('has ended')
})
