// Whatever bytes come: they are read, or refused, in no more time than their number allows.
import { assert, nat, oneof, property, tuple, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'

import { boundedType } from './bounded-types.ts'
import { ownSchema } from './schemas.ts'

const list = { type: 'array', items: 'string' } as const
const tree = boundedType({
  type: 'record',
  name: 'Tree',
  fields: [
    { name: 'texts', type: list },
    { name: 'map', type: { type: 'map', values: list } },
    { name: 'bytes', type: 'bytes' },
    { name: 'lists', type: { type: 'array', items: list } },
  ],
})
const flat = boundedType({
  type: 'record',
  name: 'Tree',
  fields: [{ name: 'bytes', type: 'bytes' }],
})
const whole = {
  texts: ['a', ''],
  map: { __proto__x: ['b'], k: [] },
  bytes: Buffer.from('xy'),
  lists: [[]],
}

/** A long as Avro writes it: zigzag, seven bits a byte. */
function long(value: bigint): Buffer {
  const bytes: number[] = []
  for (let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)])
    bytes.push(Number(rest & 127n) | 128)
  }
}

test('what is written comes back', () => {
  expect(tree.fromBuffer(tree.toBuffer(whole))).toEqual(whole)
  expect(flat.fromBuffer(tree.toBuffer(whole), flat.createResolver(tree))).toMatchObject({
    bytes: whole.bytes,
  })
})

test.each<[name: string, bytes: readonly Buffer[]]>([
  ['a list longer than its bytes', [long(2n ** 50n)]],
  ['a block longer than its bytes', [long(-(2n ** 50n)), long(1n)]],
  ['a text longer than its bytes', [long(1n), long(2n ** 40n)]],
  ['a text that goes back to the count of its list', [long(1n), long(-2n), long(0n)]],
  ['a map longer than its bytes', [long(0n), long(2n ** 50n)]],
  ['a key that goes back', [long(0n), long(1n), long(-2n)]],
  ['bytes that go back', [long(0n), long(0n), long(-3n)]],
])('%s is refused', (_name, parts) => {
  const bytes = Buffer.concat([...parts, Buffer.alloc(50)])
  expect(() => void tree.fromBuffer(bytes)).toThrow(/length|truncated|trailing/)
  // Where it is skipped, too.
  expect(() => void flat.fromBuffer(bytes, flat.createResolver(tree))).toThrow(
    /length|truncated|trailing/,
  )
})

test('any bytes, and any change of good ones, are read or refused', () => {
  const { type } = ownSchema('event')
  const good = tree.toBuffer(whole)
  const bytes = oneof(
    uint8Array({ maxLength: 200 }),
    tuple(nat(good.length - 1), nat(255)).map(([at, byte]) =>
      Buffer.from(good).fill(byte, at, at + 1),
    ),
  )
  assert(
    property(bytes, (some) => {
      for (const one of [tree, type]) {
        let read: unknown = null
        try {
          read = one.fromBuffer(Buffer.from(some))
        } catch (cause) {
          read = cause
        }
        expect(read).toBeInstanceOf(Object)
      }
    }),
  )
})
