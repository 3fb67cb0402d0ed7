// What two cookies can have in common or keep apart by, each as one whole number that falls into a bin. The order of this
// table is the order of a model's weights. Invariant: missing is its own bin, with no weight; it is never a zero.

/** A signal of which nothing is known for a pair. */
export const MISSING = -2_147_483_648

/** Whether a larger value may only speak more for (`up`) or more against (`down`) one person. */
type Sense = 'up' | 'down' | 'free'

interface Measured {
  readonly meaning: string
  readonly unit: string
  /** Values below `edges[0]` are the first bin, from the last on the last; ascending. */
  readonly edges: readonly number[]
  readonly sense: Sense
}

interface Named {
  readonly meaning: string
  readonly unit: 'kind'
  /** Value 0, 1, … in words. */
  readonly kinds: readonly string[]
}

const measured = (
  meaning: string,
  unit: string,
  sense: Sense,
  edges: readonly number[],
): Measured => ({
  meaning,
  unit,
  edges,
  sense,
})
const named = (meaning: string, kinds: readonly string[]): Named => ({
  meaning,
  unit: 'kind',
  kinds,
})
const SAME = ['different', 'the same'] as const

/** Kinds of device, as in clues: 1 phone, 2 tablet, 3 computer, 4 other; of a pair `lower * 4 + higher - 5`. */
const DEVICES = ['phone', 'tablet', 'computer', 'other'] as const
const DEVICE_PAIRS = DEVICES.flatMap((a) =>
  DEVICES.map((b) => (a === b ? `${a} twice` : `${a} and ${b}`)),
)

export const SIGNALS = {
  addresses: measured(
    'how rare the addresses are that both were seen at within four weeks, together',
    'quarter bits',
    'up',
    [4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 80, 96, 128],
  ),
  together: named('how close in time both were seen at one address, at the closest', [
    'in the same hour',
    'on the same day',
    'on days in a row',
    'within a week',
    'within four weeks',
  ]),
  days_together: measured(
    'days on which both were seen at one address',
    'days',
    'free',
    [1, 2, 3, 5, 9],
  ),
  address_kind: named('whose the rarest address of both looks like', [
    'a home',
    'an office',
    'a carrier',
  ]),
  devices_around: measured(
    'different devices ever seen at the rarest address of both',
    'devices',
    'free',
    [2, 3, 4, 5, 6, 8, 11, 16, 31],
  ),
  cookies_around: measured(
    'cookies ever seen at the rarest address of both',
    'cookies',
    'free',
    [3, 4, 6, 9, 13, 21, 41, 101],
  ),
  device: named('the signature of the device', ['different', 'the same, in part', 'the same']),
  device_rarity: measured(
    'how rare the signature of both is',
    'quarter bits',
    'up',
    [8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48],
  ),
  lives: measured(
    'hours from the end of the one to the beginning of the other; negative while both live',
    'hours',
    'free',
    [-672, -336, -96, -24, 0, 2, 12, 36, 96, 240, 480],
  ),
  days_both: measured('days on which both were seen anywhere', 'days', 'free', [1, 2, 3, 5, 9]),
  days_seen: measured('days on which the one seen less was seen', 'days', 'free', [2, 3, 5, 9, 17]),
  kinds: named('kinds of device', DEVICE_PAIRS),
  system: named('the operating system', SAME),
  browser: named('the browser', SAME),
  language: named('the language', SAME),
  zone: named('the time zone', SAME),
  region: named('the region', SAME),
  hours: measured(
    'how much of their days falls into the same hours',
    'per mille',
    'up',
    [100, 250, 400, 550, 700, 850],
  ),
  weekdays: measured(
    'how much of their days falls on the same days of the week',
    'per mille',
    'up',
    [150, 300, 450, 600, 750, 900],
  ),
  pages: measured(
    'how rare the pages are that both have seen, together',
    'quarter bits',
    'up',
    [1, 8, 16, 24, 32, 48, 64, 96, 128, 192],
  ),
  steps: measured('steps from page to page that both have made', 'steps', 'up', [1, 2, 3, 5, 9]),
  clicks: named('clicks of advertisements', ['none in common', 'the same click']),
  sites: named('sites', ['none in common', 'one in common']),
} as const satisfies Readonly<Record<string, Measured | Named>>

export type SignalId = keyof typeof SIGNALS

function isSignal(name: string): name is SignalId {
  return Object.hasOwn(SIGNALS, name)
}

export const SIGNAL_IDS: readonly SignalId[] = Object.keys(SIGNALS).filter(isSignal)
export const SIGNAL_COUNT = SIGNAL_IDS.length

const place = (id: SignalId): number => SIGNAL_IDS.indexOf(id)

/** The place of each signal in the order of the table. */
export const AT = {
  addresses: place('addresses'),
  together: place('together'),
  days_together: place('days_together'),
  address_kind: place('address_kind'),
  devices_around: place('devices_around'),
  cookies_around: place('cookies_around'),
  device: place('device'),
  device_rarity: place('device_rarity'),
  lives: place('lives'),
  days_both: place('days_both'),
  days_seen: place('days_seen'),
  kinds: place('kinds'),
  system: place('system'),
  browser: place('browser'),
  language: place('language'),
  zone: place('zone'),
  region: place('region'),
  hours: place('hours'),
  weekdays: place('weekdays'),
  pages: place('pages'),
  steps: place('steps'),
  clicks: place('clicks'),
  sites: place('sites'),
} as const satisfies Readonly<Record<SignalId, number>>

const tables: readonly (Measured | Named)[] = SIGNAL_IDS.map((id) => SIGNALS[id])

/** Bins of all values from the first edge less one to the last edge, so that a value is looked up. */
interface Bins {
  readonly from: number
  readonly bins: Uint8Array
}

const binsOfSignals: readonly Bins[] = tables.map((signal) => {
  if ('kinds' in signal) return { from: 0, bins: Uint8Array.from(signal.kinds, (_, i) => i + 1) }
  const { edges } = signal
  const [first = 0, last = first] = [edges[0], edges.at(-1)]
  const bins = Uint8Array.from({ length: last - first + 2 }, (_, i) => {
    return 1 + edges.filter((edge) => first - 1 + i >= edge).length
  })
  return { from: first - 1, bins }
})

/** Bins of each signal, the one for missing first. */
export const BIN_COUNTS: readonly number[] = tables.map((signal) =>
  'edges' in signal ? signal.edges.length + 2 : signal.kinds.length + 1,
)

/** Whether weights of the bins after the first must rise or fall. */
export const SENSES: readonly Sense[] = tables.map((signal) =>
  'edges' in signal ? signal.sense : 'free',
)

/** The bin of a value; 0 for missing. */
export function binOf(signal: number, value: number): number {
  const of = binsOfSignals[signal]
  if (value === MISSING || of === undefined) return 0
  const last = of.bins.length - 1
  const at = value - of.from
  return of.bins[at < 0 ? 0 : at > last ? last : at] ?? 0
}
