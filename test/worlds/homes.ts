// Homes of two devices each at an address of their own, and a model that joins whoever is there in the same hour.
import { PAIR_BIN_COUNTS } from '../../src/core/evidence/learned/model.ts'
import { AT, BIN_COUNTS } from '../../src/core/evidence/learned/signals.ts'
import { keyOf, numberOf } from '../../src/core/identifier/identifier.ts'
import type { LearnedFromLog } from '../../src/batch/learning/learn-from-log.ts'
import type { Knowledge } from '../../src/core/policy/knowledge.ts'
import { identify, page, type Sent } from '../scenarios/messages.ts'
import { digest } from './small-world.ts'

const HOMES_MAX = 200
const addressOf = (home: number): string => `84.44.${Math.floor(home / 100)}.${(home % 100) + 1}`

/** A device of a home looks around: `a` or `b`. */
export const visit = (device: 'a' | 'b', home: number): Sent =>
  page(`c-${device}-${home}`, { ip: addressOf(home) })

/** And signs in as such a user. */
export const signIn = (device: 'a' | 'b', home: number, userId: string): Sent =>
  identify(`c-${device}-${home}`, { userId }, { ip: addressOf(home) })

/** Of an account `default`. */
export function homesKnowledge(version = 'homes'): Knowledge {
  const keys = Array.from({ length: HOMES_MAX }, (_, home) =>
    keyOf(digest, 'default', 'ip', '', addressOf(home)),
  )
  const each = (value: number): Uint32Array => new Uint32Array(HOMES_MAX).fill(value)
  const weights = BIN_COUNTS.map((bins) => new Int32Array(bins))
  weights[AT.together]?.fill(8_000, 1, 2)
  return {
    version,
    model: {
      bias: -4_000,
      weights,
      pairWeights: PAIR_BIN_COUNTS.map((bins) => new Int32Array(bins)),
      joinFrom: 3_000,
    },
    witnesses: {
      number: BigInt64Array.from(keys, numberOf).toSorted(),
      cookies: each(2),
      devices: each(2),
      shape: new Uint8Array(HOMES_MAX).fill(1),
      cookiesInAll: 2 * HOMES_MAX,
      clue: new Uint32Array(0),
      clueCookies: new Uint32Array(0),
    },
    stopped: false,
  }
}

/** As if a run had learned it. */
export function learnedHomes(version?: string): LearnedFromLog {
  const training = {
    candidatePairs: 1,
    samePairs: 100,
    differentPairs: 100,
    ruledPairs: 0,
    fittedOn: 200,
    answeredShare: 0.5,
    estimatedShare: 0.5,
    confidence: 1,
    tried: [],
    chosen: null,
    refused: null,
    seconds: 1,
  }
  return { knowledge: homesKnowledge(version), training }
}
