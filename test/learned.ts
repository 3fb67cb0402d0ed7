// What an account knows in tests that need a model and no training: a few homes, and weights that can be added in one's head.
import type { Account } from '../src/apps/account/account.ts'
import { PAIR_BIN_COUNTS } from '../src/core/evidence/learned/model.ts'
import { AT, BIN_COUNTS, type SignalId } from '../src/core/evidence/learned/signals.ts'
import { keyOf, numberOf } from '../src/core/identifier/identifier.ts'
import type { Knowledge } from '../src/core/policy/knowledge.ts'
import { ingest, understand } from '../src/flows/ingest.ts'
import { sha256 } from './extraction.ts'
import { IPHONE, LAPTOP, page, pageAs, type Sent } from './scenarios/messages.ts'

const ADDRESSES_MAX = 9

/** Of the signal the weight of each value that has one, in thousandths of a natural log-odd. */
type Weights = Partial<Readonly<Record<SignalId, Readonly<Record<number, number>>>>>

/** Sums from 2,000 on join: one hour on one address and one device, as far as the weights go that are given here. */
const WEIGHTS: Weights = {
  together: { 0: 3_000, 1: 1_000 },
  device: { 0: -1_500, 1: 2_500, 2: 2_500 },
  language: { 0: -1_000, 1: 300 },
}

/** Two people were seen at each of the homes, on two devices; nothing is known of any device. */
function knowledgeOf(homes: readonly string[], weights: Weights = WEIGHTS): Knowledge {
  if (homes.length > ADDRESSES_MAX) throw new Error('a few homes')
  const keys = homes.map((ip) => keyOf(sha256, 'default', 'ip', '', ip))
  const each = (value: number): readonly number[] => homes.map(() => value)
  const lists = BIN_COUNTS.map((bins) => new Int32Array(bins))
  for (const [signal, values] of Object.entries(weights))
    for (const [value, weight] of Object.entries(values)) {
      const list = lists[AT[signal as SignalId]]
      if (list !== undefined) list[Number(value) + 1] = weight
    }
  return {
    version: 'f0e1d2c3b4a5',
    stopped: false,
    model: {
      bias: -3_000,
      weights: lists,
      pairWeights: PAIR_BIN_COUNTS.map((bins) => new Int32Array(bins)),
      joinFrom: 2_000,
    },
    witnesses: {
      number: BigInt64Array.from(keys, numberOf).toSorted(),
      cookies: Uint32Array.from(each(2)),
      devices: Uint32Array.from(each(2)),
      shape: Uint8Array.from(each(1)),
      cookiesInAll: 1_000,
      clue: new Uint32Array(0),
      clueCookies: new Uint32Array(0),
    },
  }
}

/** Makes it what the account goes by; what it has decided before is not decided again. */
async function learn(account: Account, knowledge: Knowledge): Promise<void> {
  const training = {
    candidatePairs: 0,
    samePairs: 0,
    differentPairs: 0,
    ruledPairs: 0,
    fittedOn: 0,
    answeredShare: 0,
    estimatedShare: 0,
    confidence: 1,
    tried: [],
    chosen: null,
    refused: null,
    seconds: 0,
  }
  const { settings } = account.active
  await account.activate({ settings, learned: { knowledge, training } }, account.log.end())
}

const [HOME, OTHER_HOME, THIRD_HOME] = ['203.0.113.9', '203.0.113.21', '203.0.113.44'] as const
const alike = (ip: string) => ({ ip, device: LAPTOP })
const BEGIN = Date.UTC(2026, 0, 1, 10)

/** At home a visitor before and after clearing cookies, and a guest; elsewhere two with one device, who say who they are. */
const SENT: readonly Sent[] = [
  pageAs('c-old', 'u-cleo', alike(HOME)),
  page('c-new', alike(HOME)),
  page('c-guest', { ip: HOME, device: IPHONE }),
  pageAs('c-ana', 'u-ana', alike(OTHER_HOME)),
  pageAs('c-ben', 'u-ben', alike(OTHER_HOME)),
  pageAs('c-dan', 'u-dan', alike(THIRD_HOME)),
  pageAs('c-eva', 'u-eva', alike(THIRD_HOME)),
  page('c-either', alike(THIRD_HOME)),
]

/** Has the account learned of these homes, and hear of these visitors. */
export async function learnAndVisit(account: Account): Promise<void> {
  await learn(account, knowledgeOf([HOME, OTHER_HOME, THIRD_HOME]))
  const records = SENT.map(({ raw, site }, n) => {
    const message = {
      messageId: `m${n}`,
      timestamp: new Date(BEGIN + n * 60_000).toISOString(),
      ...raw,
    }
    const envelope = { receivedAt: BEGIN + n * 60_000, historical: true, site }
    const one = understand(account.extraction, { raw: JSON.stringify(message), message, envelope })
    if (!('kind' in one)) throw new Error(one.detail)
    return one
  })
  const { resolved } = await ingest(account, records)
  await resolved
  await account.resolver.flush()
}
