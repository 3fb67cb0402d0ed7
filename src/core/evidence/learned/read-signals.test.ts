// Signals of made-up cookies: symmetric, missing where nothing is known, and what a person would say of the pair.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { clueOf, clueOfName } from '../../edge/clue.ts'
import type { KnownWitnesses } from '../../policy/knowledge.ts'
import { raritiesOf, SHAPE } from './known-witnesses.ts'
import { Lives } from './lives.ts'
import {
  binOf,
  AT,
  BIN_COUNTS,
  MISSING,
  SIGNAL_COUNT,
  SIGNAL_IDS,
  type SignalId,
} from './signals.ts'
import { readSignals } from './read-signals.ts'

interface Cookie {
  /** Address, day, hours. */
  readonly seen: readonly (readonly [number, number, number])[]
  readonly bears: readonly number[]
  readonly tells: readonly number[]
}

/** Five addresses and two signatures; rows 5 and 6. */
const KNOWN: KnownWitnesses = {
  number: new BigInt64Array(7),
  cookies: Uint32Array.from([2, 4, 8, 100, 500, 2, 64]),
  devices: Uint32Array.from([2, 3, 4, 50, 90, 0, 0]),
  shape: Uint8Array.from([
    SHAPE.home,
    SHAPE.home,
    SHAPE.office,
    SHAPE.carrier,
    SHAPE.unknown,
    SHAPE.whole,
    SHAPE.partial,
  ]),
  cookiesInAll: 1_024,
  clue: new Uint32Array(0),
  clueCookies: new Uint32Array(0),
}

function livesOf(cookies: readonly Cookie[]): Lives {
  const lives = new Lives()
  for (const { seen, bears, tells } of cookies) {
    const sorted = seen.toSorted(([a, x], [b, y]) => a - b || x - y)
    for (const [row, day, hours] of sorted) lives.sawAt(row, day, hours)
    for (const row of bears.toSorted((x, y) => x - y)) lives.bore(row)
    for (const clue of tells.toSorted((x, y) => x - y)) lives.told(clue)
    lives.end()
  }
  return lives
}

function signalsOf(a: Cookie, b: Cookie): Readonly<Record<SignalId, number>> {
  const out = new Int32Array(SIGNAL_COUNT)
  readSignals(raritiesOf(KNOWN), livesOf([a, b]), 0, 1, out)
  return Object.fromEntries(SIGNAL_IDS.map((id) => [id, out[AT[id]] ?? 0])) as Record<
    SignalId,
    number
  >
}

const cookieArb = fc.record({
  seen: fc.uniqueArray(
    fc.tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 2 ** 24 - 1 }),
    ),
    { selector: ([row, day]) => `${row} ${day}`, minLength: 1, maxLength: 12 },
  ),
  bears: fc.uniqueArray(fc.constantFrom(5, 6, -2, -3), { maxLength: 2 }),
  tells: fc.uniqueArray(
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 4 }))
      .map(([kind, code]) => ((kind << 28) | code) >>> 0),
    { maxLength: 8 },
  ),
})

test('what a sees of b is what b sees of a, and every value has a bin', () => {
  fc.assert(
    fc.property(cookieArb, cookieArb, (a, b) => {
      const there = signalsOf(a, b)
      expect(there).toEqual(signalsOf(b, a))
      SIGNAL_IDS.forEach((id, signal) => {
        expect(binOf(signal, there[id])).toBeLessThan(BIN_COUNTS[signal] ?? 0)
        expect(binOf(signal, there[id]) === 0).toBe(there[id] === MISSING)
      })
    }),
  )
})

/** Slow and plain: the addresses of both, day by day. */
function addressesOf(a: Cookie, b: Cookie): Record<'bits' | 'together' | 'days', number> {
  const rarity = raritiesOf(KNOWN).rarity
  let [bits, together, days] = [0, 5, 0]
  for (let row = 0; row < 5; row++) {
    let closest = 5
    for (const [x, dayA, hoursA] of a.seen) {
      for (const [y, dayB, hoursB] of b.seen) {
        const gap = Math.abs(dayA - dayB)
        if (x !== row || y !== row || gap > 28) continue
        if (gap === 0) days++
        const near =
          gap === 0 ? ((hoursA & hoursB) === 0 ? 1 : 0) : gap === 1 ? 2 : gap <= 7 ? 3 : 4
        closest = Math.min(closest, near)
      }
    }
    if (closest < 5) bits += rarity[row] ?? 0
    together = Math.min(together, closest)
  }
  return { bits, together, days }
}

test('addresses as one would count them by hand', () => {
  fc.assert(
    fc.property(cookieArb, cookieArb, (a, b) => {
      const { addresses, together, days_together } = signalsOf(a, b)
      const plain = addressesOf(a, b)
      const met = [plain.bits, plain.together, plain.days]
      expect([addresses, together, days_together]).toEqual(
        plain.together === 5 ? [MISSING, MISSING, MISSING] : met,
      )
    }),
  )
})

const alone: Cookie = { seen: [[0, 10, 1]], bears: [], tells: [] }
const cases: readonly (readonly [string, Cookie, Cookie, Partial<Record<SignalId, number>>])[] = [
  [
    'never at one address',
    alone,
    { ...alone, seen: [[1, 10, 1]] },
    { addresses: MISSING, together: MISSING, address_kind: MISSING },
  ],
  [
    'at a home in the same hour',
    alone,
    alone,
    {
      addresses: 36,
      together: 0,
      days_together: 1,
      address_kind: 0,
      devices_around: 2,
      cookies_around: 2,
    },
  ],
  ['at a home five weeks apart', alone, { ...alone, seen: [[0, 45, 1]] }, { addresses: MISSING }],
  [
    'of two addresses the rarer tells whose it is',
    {
      ...alone,
      seen: [
        [0, 10, 1],
        [3, 10, 1],
      ],
    },
    {
      ...alone,
      seen: [
        [0, 11, 1],
        [3, 10, 2],
      ],
    },
    { together: 1, address_kind: 0, devices_around: 2 },
  ],
  [
    'a signature that is the same, and rare',
    { ...alone, bears: [5] },
    { ...alone, bears: [5] },
    { device: 2, device_rarity: 36 },
  ],
  [
    'one without screen or GPU',
    { ...alone, bears: [6] },
    { ...alone, bears: [6] },
    { device: 1, device_rarity: 16 },
  ],
  [
    'one that nobody has counted is not rare',
    { ...alone, bears: [-2] },
    { ...alone, bears: [-2] },
    { device: 1, device_rarity: 0 },
  ],
  [
    'another device',
    { ...alone, bears: [5] },
    { ...alone, bears: [-2] },
    { device: 0, device_rarity: MISSING },
  ],
  ['no signature is no device', { ...alone, bears: [5] }, alone, { device: MISSING }],
  [
    'the one begins three hours after the other ended',
    alone,
    { ...alone, seen: [[0, 10, 8]] },
    { lives: 3 },
  ],
  [
    'side by side for a day',
    {
      ...alone,
      seen: [
        [0, 10, 1],
        [0, 12, 1],
      ],
    },
    {
      ...alone,
      seen: [
        [0, 11, 1],
        [0, 13, 1],
      ],
    },
    { lives: -24, days_both: 0, days_seen: 2 },
  ],
  [
    'a phone and a computer',
    { ...alone, tells: [clueOfName('device', 'phone')] },
    { ...alone, tells: [clueOfName('device', 'computer')] },
    { kinds: 2 },
  ],
  [
    'the same click, and other pages',
    { ...alone, tells: [clueOf('click', 7), clueOf('page', 1)] },
    { ...alone, tells: [clueOf('click', 7), clueOf('page', 2)] },
    { clicks: 1, pages: 0, steps: MISSING },
  ],
  [
    'two in one language and zone',
    { ...alone, tells: [clueOf('language', 1), clueOf('zone', 1)] },
    { ...alone, tells: [clueOf('language', 1), clueOf('zone', 2)] },
    { language: 1, zone: 0, region: MISSING },
  ],
]

test.each(cases)('%s', (_name, a, b, expected) => {
  expect(signalsOf(a, b)).toMatchObject(expected)
})
