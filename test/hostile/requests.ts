// Requests nobody should send, by a seed: tracking messages with what they say, how it is written, how it is packed
// and under which headers it comes bent out of shape.
import { deflateSync, gzipSync } from 'node:zlib'

import * as fc from 'fast-check'

import { message } from '../messages.ts'

export interface HostileRequest {
  readonly method: 'GET' | 'POST'
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

const SINGLE = 'identify track page screen group alias merge i t p s g a'.split(' ')
const SINGLE_PATHS = SINGLE.map((name) => `/v1/${name}`)
const BATCH_PATHS = ['/v1/batch', '/v1/b', '/v1/import', '/beacon/v1/batch', '/collect']
const PIXEL_PATHS = ['/pixel/v1/track', '/pixel/v1/page']

const SMALL_FRAGMENTS = [
  ...'null true 0 -0 "" [] {} [null] 1e999 -1e999 1e-999'.split(' '),
  '12345678901234567890123456789',
  '9007199254740993',
  String.raw`"\ud800"`,
  String.raw`"\udc00\ud800 a"`,
  String.raw`"\u0000"`,
  String.raw`"a\u0000b\u001f\u2028"`,
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"__proto__":null,"type":"track"}',
  '{"toString":1,"valueOf":null,"hasOwnProperty":0,"toJSON":"x","then":{}}',
  '{"length":4294967296,"0":1}',
  '{"a":1,"a":2,"a":{"a":[]}}',
  '{"email":{"email":"ana@example.com"}}',
  '"prf_0"',
  '"2026-13-45T99:99:99Z"',
  '"+275760-09-13T00:00:00.001Z"',
]

const LARGE_FRAGMENTS = [
  ...[100, 3_000, 30_000].map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  ...[100, 3_000, 30_000].map((depth) => '{"x":'.repeat(depth) + '1' + '}'.repeat(depth)),
  ...[32_000, 40_000].map((length) => JSON.stringify('x'.repeat(length))),
  ...[300, 3_000].map((count) => JSON.stringify(Array.from({ length: count }))),
]

/** JSON, as text, that is put where a message has something else. */
const fragment = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...SMALL_FRAGMENTS) },
  { weight: 4, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.constantFrom(...LARGE_FRAGMENTS) },
)

const NAMES = [
  ...'type messageId userId anonymousId previousId event name groupId traits properties'.split(' '),
  ...'context integrations timestamp sentAt originalTimestamp receivedAt batch writeKey'.split(' '),
  ...'channel __proto__ constructor toString'.split(' '),
  '',
]

/** A piece of `"name":json` put behind one of the braces that open an object; a name may so come twice. */
const graft = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  name: fc.constantFrom(...NAMES),
  json: fragment,
})

function grafted(
  text: string,
  { at, name, json }: { at: number; name: string; json: string },
): string {
  const braces = [...text.matchAll(/\{/g)].map(({ index }) => index)
  const place = braces[Math.floor(at * braces.length)]
  if (place === undefined) return text
  const rest = text.slice(place + 1)
  // Before what is there it is overridden by it, behind it is the other way round.
  return `${text.slice(0, place)}{${JSON.stringify(name)}:${json}${rest.trimStart().startsWith('}') ? '' : ','}${rest}`
}

const batch = fc.record(
  {
    batch: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.array(fc.oneof(message, message, fc.jsonValue()), { maxLength: 6 }),
      },
      { weight: 1, arbitrary: fc.jsonValue() },
    ),
    sentAt: fc.oneof(fc.constant('2026-03-02T11:00:00Z'), fc.jsonValue()),
    context: fc.oneof(fc.record({ ip: fc.ipV4() }), fc.jsonValue()),
    integrations: fc.jsonValue(),
    writeKey: fc.jsonValue(),
  },
  { requiredKeys: ['batch'] },
)

const textOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .tuple(value, fc.array(graft, { maxLength: 3 }))
    .map(([said, grafts]) => grafts.reduce(grafted, JSON.stringify(said)))

const nothing = fc.constantFrom(
  '',
  ' ',
  'null',
  '0',
  '"',
  '{',
  '[]',
  '{}',
  '\u0000',
  '{"batch":[]}',
  '{}{}',
)

/** How a text becomes bytes. */
const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  utf8: (text) => Buffer.from(text),
  mark: (text) => Buffer.from(`\uFEFF${text}`),
  latin1: (text) => Buffer.from(text, 'latin1'),
  utf16: (text) => Buffer.from(text, 'utf16le'),
  'utf16 with a mark': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'utf16 the other way': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
}

const byteChange = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'twice', 'insert', 'surrogate'),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  byte: fc.integer({ min: 0, max: 255 }),
})

interface ByteChange {
  readonly kind: string
  readonly at: number
  readonly length: number
  readonly byte: number
}

/** Half a pair of surrogates, as no UTF-8 may have it. */
const SURROGATE = Buffer.from([0xed, 0xa0, 0x80])

function changed(bytes: Buffer, change: ByteChange): Buffer {
  const at = Math.floor(change.at * (bytes.length + 1))
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  const piece = after.subarray(0, change.length)
  switch (change.kind) {
    case 'flip':
      return Buffer.concat([
        before,
        Buffer.from(piece.map((byte) => byte ^ change.byte)),
        after.subarray(change.length),
      ])
    case 'cut':
      return Buffer.concat([before, after.subarray(change.length)])
    case 'twice':
      return Buffer.concat([before, piece, after])
    case 'insert':
      return Buffer.concat([before, Buffer.alloc(change.length, change.byte), after])
    default:
      return Buffer.concat([before, SURROGATE, after])
  }
}

function bent(bytes: Buffer, changes: readonly ByteChange[]): Buffer {
  let at = bytes
  for (const change of changes) at = changed(at, change)
  return at
}

/** How bytes are packed. */
const PACKINGS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  'gzip in gzip': (bytes) => gzipSync(gzipSync(bytes)),
  'half a gzip': (bytes) => gzipSync(bytes).subarray(0, 12),
  'gzip and more': (bytes) => Buffer.concat([gzipSync(bytes), Buffer.from('more')]),
  'two gzips': (bytes) => Buffer.concat([gzipSync(bytes), gzipSync(bytes)]),
  deflate: (bytes) => deflateSync(bytes),
  'magic only': (bytes) => Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes]),
}

/** Most are left as they are: what is bent everywhere is stopped at the first door. */
const seldom = <T>(usual: T, values: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  )

const bytesOf = (text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc
    .record({
      text,
      encoding: seldom('utf8', Object.keys(ENCODINGS)),
      before: fc.oneof(
        { weight: 3, arbitrary: fc.constant<ByteChange[]>([]) },
        { weight: 1, arbitrary: fc.array(byteChange, { maxLength: 4 }) },
      ),
      packing: seldom('', Object.keys(PACKINGS)),
      after: fc.oneof(
        { weight: 9, arbitrary: fc.constant<ByteChange[]>([]) },
        { weight: 1, arbitrary: fc.array(byteChange, { maxLength: 2 }) },
      ),
    })
    .map(({ text: said, encoding, before, packing, after }) => {
      const encoded = bent(ENCODINGS[encoding]!(said), before)
      const packed = PACKINGS[packing]?.(encoded) ?? encoded
      return new Uint8Array(bent(packed, after))
    })

const oddText = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    '__proto__',
    'gzip',
    '-1',
    'a'.repeat(4_000),
    'Basic',
    'Basic Og==',
    'Bearer x',
  ),
  fc.string({
    unit: fc
      .integer({ min: 0x21, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 30,
  }),
)

const HEADERS = [
  ...'content-type content-encoding user-agent origin cookie prefer anonymousid accept'.split(' '),
  ...'x-forwarded-for x-forwarded-proto x-retry-count __proto__ constructor'.split(' '),
]

const headersOf = (writeKey: string): fc.Arbitrary<Record<string, string>> =>
  fc
    .tuple(
      seldom(`Basic ${btoa(`${writeKey}:`)}`, [
        '',
        'Basic',
        'Basic !',
        `Basic ${btoa(writeKey)}`,
        `Basic ${btoa('no:such')}`,
        'Basic w6k=',
      ]),
      fc.array(fc.tuple(fc.constantFrom(...HEADERS), oddText), { maxLength: 2 }),
    )
    // By `fromEntries`, so that a name such as `__proto__` stays a name.
    .map(([authorization, odd]) =>
      Object.fromEntries(
        [...odd, ['authorization', authorization] as const].filter(([, value]) => value !== ''),
      ),
    )

const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...NAMES,
        'context.page.url',
        'context.__proto__.x',
        'a.b.c.d.e.f',
        '...',
        'userId.x',
      ),
      oddText,
    ),
    {
      maxLength: 6,
    },
  )
  .map((pairs) =>
    pairs
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&'),
  )
  .chain((text) => seldom(text, [`${text}&%`, `${text}&%ff=%fe`, `${text}&a&=&`, `?${text}`]))

/** Requests to every path that collects; most with the write key, which the answer is asked about each message. */
export function hostileRequest(writeKey: string): fc.Arbitrary<HostileRequest> {
  const headers = headersOf(writeKey)
  const posted = (
    paths: readonly string[],
    text: fc.Arbitrary<string>,
  ): fc.Arbitrary<HostileRequest> =>
    fc.record({
      method: fc.constant('POST' as const),
      path: fc.constantFrom(...paths).map((path) => `${path}?resolve=sync`),
      headers,
      body: bytesOf(fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: nothing })),
    })
  return fc.oneof(
    { weight: 4, arbitrary: posted(SINGLE_PATHS, textOf(message)) },
    { weight: 6, arbitrary: posted(BATCH_PATHS, textOf(batch)) },
    { weight: 1, arbitrary: posted([...SINGLE_PATHS, ...BATCH_PATHS], textOf(fc.jsonValue())) },
    {
      weight: 1,
      arbitrary: fc.record({
        method: fc.constant('GET' as const),
        path: fc
          .tuple(fc.constantFrom(...PIXEL_PATHS), query)
          .map(([path, asked]) => `${path}?${asked}`),
        headers,
        body: fc.constant(new Uint8Array()),
      }),
    },
  )
}
