// Messages that crossed from one thread to another are the messages that were sent.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Fact } from '../../core/index.ts'
import type { Understood } from '../../flows/ingest.ts'
import { Packer, Unpacker } from './flat-messages.ts'
import { cluesFrom } from '../../core/edge/clue.ts'

const ACCOUNT = 'default'
const text = fc.constantFrom('', 'shop', 'page', 'Home', 'ä 𝄞')
const identifier = fc.constantFrom(
  { key: 'k1', type: 'cookie', namespace: '', value: 'c1' },
  { key: 'k2', type: 'email', namespace: '', value: 'e1' },
  { key: 'k3', type: 'external_id', namespace: 'crm', value: '7' },
)
const kind = fc.constantFrom('login', 'same_message', 'ip_match')
const end = fc.nat({ max: 3 })
const fact = fc.record({
  id: fc.string(),
  account: fc.constant(ACCOUNT),
  site: text,
  type: fc.constantFrom('page', 'track'),
  name: text,
  at: fc.integer(),
  receivedAt: fc.integer({ min: -1 }),
  identifiers: fc.array(identifier, { maxLength: 4 }),
  edges: fc.array(fc.record({ from: end, to: end, kind }), { maxLength: 4 }),
  clues: fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 4 }).map(cluesFrom),
}) as fc.Arbitrary<Fact>
const message = fc.oneof(
  fact.map((one): Understood => ({ kind: 'message', fact: one, extractionVersion: 1, raw: '{}' })),
  fc.constant<Understood>({ status: 'rejected', reason: 'no_identity', detail: 'nobody' }),
)
const batches = fc.array(fc.array(message, { maxLength: 6 }), { maxLength: 6 })

test('batch after batch arrives as it was sent, whatever is remembered of the batches before', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 0, max: 4 }), (sent, rememberedMax) => {
      const packer = new Packer(rememberedMax)
      const unpacker = new Unpacker(ACCOUNT)
      for (const messages of sent) {
        const indices: number[] = []
        const received = unpacker.unpack(structuredClone(packer.pack(messages)), (one, index) => {
          indices.push(index)
          return { kind: 'message', fact: one, extractionVersion: 1, raw: '{}' }
        })
        expect(received).toEqual(messages)
        expect(indices).toEqual(messages.flatMap((one, i) => ('kind' in one ? [i] : [])))
      }
    }),
  )
})
