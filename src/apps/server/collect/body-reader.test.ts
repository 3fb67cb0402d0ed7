// Large bodies are read in a thread of their own, and come out as if they had been read here.
import * as fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'

import { extractionOf } from '../../../../test/extraction.ts'
import type { Extraction } from '../../../core/index.ts'
import { BodyReader } from './body-reader.ts'
import { parsePosted, type Bytes, type Speaking } from './posted-body.ts'
import { readMessages, type Tracking } from './tracked-messages.ts'

const SPEAKING: Speaking = { wire: 'segment', isSure: false, encoding: '' }
const TRACKING: Tracking = {
  type: null,
  single: false,
  envelope: { receivedAt: 1_770_000_000_000, historical: false, site: 'shop' },
  request: { ip: '198.51.100.7', userAgent: 'Mozilla/5.0' },
}
/** Makes any body large enough to be read beside. */
const FILLER = 'x'.repeat(20_000)

let reader: BodyReader

afterEach(async () => reader.close())

async function warm(extraction: Extraction): Promise<void> {
  reader = new BodyReader(extraction)
  const large = bytesOf(FILLER)
  while (!reader.wants(large)) await sleep(5)
}

function bytesOf(body: unknown): Bytes {
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

const message = fc.oneof(
  fc.record({
    type: fc.constantFrom('track', 'page', 'identify', 'nonsense'),
    anonymousId: fc.option(fc.constantFrom('c-1', 'c-2', 'undefined'), { nil: undefined }),
    messageId: fc.uuid(),
    event: fc.constant('Order'),
    traits: fc.option(fc.record({ email: fc.constantFrom('ana@home.example', 'no mail') })),
    timestamp: fc.constantFrom('2026-03-02T09:30:00Z', 'yesterday', undefined),
  }),
  fc.constantFrom(null, 7, 'text', []),
  fc.constant({ type: 'track', anonymousId: 'c-3', properties: { text: 'y'.repeat(40_000) } }),
)

const body = fc.oneof(
  fc.record({
    batch: fc.array(message, { maxLength: 20 }),
    context: fc.option(fc.record({ locale: fc.constant('de-AT'), filler: fc.constant(FILLER) })),
    filler: fc.constant(FILLER),
  }),
  fc.constantFrom(
    { batch: 'none', filler: FILLER },
    `{"batch": [${FILLER}`,
    { batch: Array.from({ length: 3_000 }, () => 1), filler: FILLER },
    { batch: [{ context: { library: { name: 'rudder-sdk' } } }], filler: FILLER },
  ),
)

test.each(['keep', 'hash'] as const)('beside as here, with contacts: %s', async (contacts) => {
  const extraction = extractionOf({ contacts })
  await warm(extraction)
  await fc.assert(
    fc.asyncProperty(body, fc.boolean(), async (posted, single) => {
      const tracking = { ...TRACKING, single }
      const here = parsePosted(bytesOf(posted), SPEAKING, extraction.settings.limits)
      const messages = readMessages(extraction, here, tracking)
      const beside = await reader.read(bytesOf(posted), SPEAKING, tracking)
      expect(beside.messages).toEqual(messages)
      expect(beside.wire).toBe(here.wire)
      expect(beside.text).toBe(typeof messages === 'string' ? here.text : undefined)
    }),
  )
})

test('small bodies, and those of no bytes, are read here', async () => {
  await warm(extractionOf({}))
  expect(reader.wants(bytesOf({ batch: [] }))).toBe(false)
  expect(reader.wants('cut_off')).toBe(false)
  expect(reader.wants({ type: 'track' })).toBe(false)
})

test('what waits is bounded, and is over when it is read', async () => {
  await warm(extractionOf({}))
  const large = 'z'.repeat(1_000_000)
  const reads: Promise<unknown>[] = []
  while (!reader.isFull) reads.push(reader.read(bytesOf({ large }), SPEAKING, TRACKING))
  expect(reads.length).toBe(3)
  await Promise.all(reads)
  expect(reader.isFull).toBe(false)
})

test('a thread that has ended leaves nothing waiting, and nothing to be read by it', async () => {
  await warm(extractionOf({}))
  const asked = reader.read(bytesOf(FILLER), SPEAKING, TRACKING)
  const [read] = await Promise.allSettled([asked, reader.close()])
  expect(read.status).toBe('rejected')
  expect(reader.wants(bytesOf(FILLER))).toBe(false)
  expect(reader.isFull).toBe(false)
})
