// A waterfall adds up, and every value has its words.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Model } from '../../policy/knowledge.ts'
import { PAIR_BIN_COUNTS, scoreOf, writeBins } from './model.ts'
import { signalWords, waterfallOf } from './signal-words.ts'
import { BIN_COUNTS, MISSING, SIGNAL_COUNT, SIGNAL_IDS, SIGNALS, type SignalId } from './signals.ts'

const weight = fc.integer({ min: -9_000, max: 9_000 })
const weights = (bins: readonly number[]): fc.Arbitrary<readonly Int32Array[]> =>
  fc.tuple(
    ...bins.map((count) =>
      fc
        .array(weight, { minLength: count, maxLength: count })
        .map((drawn) => Int32Array.from(drawn)),
    ),
  )
const modelArb: fc.Arbitrary<Model> = fc.record({
  bias: weight,
  weights: weights(BIN_COUNTS),
  pairWeights: weights(PAIR_BIN_COUNTS),
  joinFrom: weight,
})
const valueArb = (id: SignalId): fc.Arbitrary<number> => {
  const signal = SIGNALS[id]
  const known =
    'kinds' in signal
      ? fc.integer({ min: 0, max: signal.kinds.length - 1 })
      : fc.integer({ min: id === 'lives' ? -3_000 : 0, max: 1_000 })
  return fc.oneof({ arbitrary: known, weight: 3 }, fc.constant(MISSING))
}
const valuesArb = fc
  .tuple(...SIGNAL_IDS.map(valueArb))
  .map((drawn: readonly number[]) => Int32Array.from(drawn))

test('the rows and the bias add up to the score of the model', () => {
  fc.assert(
    fc.property(modelArb, valuesArb, (model, values) => {
      const bins = new Uint8Array(SIGNAL_COUNT)
      writeBins(values, bins, 0)
      const { bias, signals, sum } = waterfallOf(model, values)
      expect(signals.reduce((all, row) => all + row.weight, bias)).toBe(sum)
      expect(sum).toBe(scoreOf(model, bins))
    }),
  )
})

test('what is known has a row in words, the strongest first; what is missing and weighs nothing has none', () => {
  const NOTHING: Model = {
    bias: 0,
    weights: BIN_COUNTS.map((bins) => new Int32Array(bins)),
    pairWeights: PAIR_BIN_COUNTS.map((bins) => new Int32Array(bins)),
    joinFrom: 0,
  }
  fc.assert(
    fc.property(modelArb, valuesArb, (model, values) => {
      const known = SIGNAL_IDS.filter((_, at) => values[at] !== MISSING)
      const { signals } = waterfallOf(NOTHING, values)
      expect(signals.map((row) => row.signal)).toEqual(known)
      const { signals: weighed } = waterfallOf(model, values)
      for (const { words } of weighed) expect(words).not.toMatch(/undefined|NaN|^$/)
      for (const { signal, value } of weighed.filter((row) => row.value !== null))
        expect(value).toBe(values[SIGNAL_IDS.indexOf(signal as SignalId)])
      const strengths = weighed.map((row) => Math.abs(row.weight))
      expect(strengths).toEqual(strengths.toSorted((x, y) => y - x))
    }),
  )
})

describe('in words', () => {
  test.each<[SignalId, number, string]>([
    [
      'addresses',
      44,
      'both were seen at addresses that are, together, as rare as about 1 in 2,000',
    ],
    ['together', 0, 'both were seen at one address in the same hour'],
    ['days_together', 1, 'on 1 day both were seen at one address'],
    ['address_kind', 0, "that address looks like a home's"],
    ['devices_around', 4, '4 devices were ever seen at that address'],
    ['cookies_around', 1, '1 cookie was ever seen at that address'],
    ['device', 2, 'the same device signature'],
    ['device_rarity', 44, 'that signature is borne by about 1 of 2,000 cookies'],
    ['device_rarity', 400, 'that signature is borne by 1 of more than 1,000,000,000 cookies'],
    ['lives', 3, 'the one began 3 hours after the other ended'],
    ['lives', 0, 'the one began within the hour after the other ended'],
    ['lives', -288, 'both lived side by side for 12 days'],
    ['days_both', 0, 'on no day both were seen'],
    ['days_seen', 2, 'the one seen less was seen on 2 days'],
    ['kinds', 2, 'a phone and a computer'],
    ['kinds', 0, 'two phones'],
    ['kinds', 11, 'a computer and another device'],
    ['kinds', 15, 'two devices of other kinds'],
    ['browser', 1, 'the same browser'],
    ['language', 0, 'different languages'],
    ['hours', 333, '33 % of their days fall into the same hours'],
    ['pages', 0, 'no rare page in common'],
    ['pages', 40, 'both saw pages that are, together, as rare as about 1 in 1,000'],
    ['steps', 3, '3 steps from page to page in common'],
    ['clicks', 1, 'the same click on an advertisement'],
    ['sites', 0, 'no site in common'],
    ['zone', MISSING, 'the time zone: not known'],
  ])('%s %d', (signal, value, words) => {
    expect(signalWords(signal, value)).toBe(words)
  })

  test('every kind of device is named as the table names it', () => {
    for (const [value, kind] of SIGNALS.kinds.kinds.entries())
      for (const word of kind.split(/ and | twice/).filter(Boolean))
        expect(signalWords('kinds', value)).toContain(word)
  })
})
