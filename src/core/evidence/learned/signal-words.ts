// What a model made of a pair, in words for people: a row each signal that is known, with its value and what it weighed.
// Invariant: the weights of the rows and the bias add up to the score, to the thousandth.

import { CLUE_NAMES } from '../../edge/clue.ts'
import type { Model } from '../../policy/knowledge.ts'
import { PAIR_TERMS, pairBinOf, scoreOf, writeBins } from './model.ts'
import { AT, MISSING, SIGNAL_COUNT, SIGNAL_IDS, SIGNALS, type SignalId } from './signals.ts'

/** One row of a waterfall: what is known, and how much it speaks for one person. */
export interface WeighedSignal {
  /** A name of `SIGNALS`; of two weighed together `ONE and OTHER`. */
  readonly signal: string
  /** In the unit; of the unit `kind` the place in the list of its kinds. Null where two signals are weighed together. */
  readonly value: number | null
  readonly unit: string
  /** Thousandths of a natural log-odd; negative: it speaks against. */
  readonly weight: number
  readonly words: string
}

export interface Waterfall {
  /** The strongest first, whichever way it speaks. */
  readonly signals: readonly WeighedSignal[]
  /** What two cookies have before anything is known of them; thousandths of a natural log-odd, as `sum`. */
  readonly bias: number
  readonly sum: number
}

/** What a model makes of the values of a pair's signals, as `readSignals` writes them. */
export function waterfallOf(model: Model, values: Int32Array): Waterfall {
  const bins = new Uint8Array(SIGNAL_COUNT)
  writeBins(values, bins, 0)
  const signals: WeighedSignal[] = []
  SIGNAL_IDS.forEach((signal, at) => {
    const weight = model.weights[at]?.[bins[at] ?? 0] ?? 0
    const value = values[at] ?? MISSING
    if (value === MISSING && weight === 0) return
    const { unit } = SIGNALS[signal]
    signals.push(
      value === MISSING
        ? { signal, value: null, unit, weight, words: `${SIGNALS[signal].meaning}: not known` }
        : { signal, value, unit, weight, words: signalWords(signal, value) },
    )
  })
  PAIR_TERMS.forEach(([a, b], term) => {
    const weight = model.pairWeights[term]?.[pairBinOf(term, bins, 0)] ?? 0
    if (weight === 0) return
    const words = [a, b].map((signal) => signalWords(signal, values[AT[signal]] ?? MISSING))
    signals.push({
      signal: `${a} and ${b}`,
      value: null,
      unit: 'both at once',
      weight,
      words: `both at once: ${words.join('; ')}`,
    })
  })
  return {
    signals: signals.toSorted((x, y) => Math.abs(y.weight) - Math.abs(x.weight)),
    bias: model.bias,
    sum: scoreOf(model, bins),
  }
}

/** What the value of a signal says of two cookies. */
export function signalWords(signal: SignalId, value: number): string {
  return value === MISSING ? `${SIGNALS[signal].meaning}: not known` : WORDS[signal](value)
}

const counted = (count: number, noun: string): string =>
  `${group(count)} ${noun}${count === 1 ? '' : 's'}`

const wereSeen = (count: number): string => (count === 1 ? 'was ever seen' : 'were ever seen')

const kindOf = (signal: 'together' | 'address_kind') => (value: number) =>
  SIGNALS[signal].kinds[value] ?? ''

const together = kindOf('together')
const place = kindOf('address_kind')

const sameOr = (what: string, several: string) => (value: number) =>
  value === 1 ? `the same ${what}` : `different ${several}`

const WORDS: Readonly<Record<SignalId, (value: number) => string>> = {
  addresses: (bits) =>
    bits === 0
      ? 'both were seen at an address, but everybody is seen there'
      : `both were seen at addresses that are, together, as rare as ${oneIn(bits)}`,
  together: (value) => `both were seen at one address ${together(value)}`,
  days_together: (days) =>
    days === 0
      ? 'on no day both were seen at one address'
      : `on ${counted(days, 'day')} both were seen at one address`,
  address_kind: (value) => `that address looks like ${place(value)}'s`,
  devices_around: (devices) => `${counted(devices, 'device')} ${wereSeen(devices)} at that address`,
  cookies_around: (cookies) => `${counted(cookies, 'cookie')} ${wereSeen(cookies)} at that address`,
  device: (value) =>
    [
      'different device signatures',
      'the same device signature, of which little is known',
      'the same device signature',
    ][value] ?? '',
  device_rarity: (bits) =>
    bits === 0
      ? 'nothing is known of how rare that signature is, or many bear it'
      : `that signature is borne by ${oneIn(bits, 'of')} cookies`,
  lives: (hours) =>
    hours < 0
      ? `both lived side by side for ${time(-hours)}`
      : `the one began ${hours === 0 ? 'within the hour' : time(hours)} after the other ended`,
  days_both: (days) =>
    days === 0 ? 'on no day both were seen' : `on ${counted(days, 'day')} both were seen`,
  days_seen: (days) => `the one seen less was seen on ${counted(days, 'day')}`,
  kinds: deviceWords,
  system: sameOr('operating system', 'operating systems'),
  browser: sameOr('browser', 'browsers'),
  language: sameOr('language', 'languages'),
  zone: sameOr('time zone', 'time zones'),
  region: sameOr('region', 'regions'),
  hours: (permille) => `${percent(permille)} of their days fall into the same hours`,
  weekdays: (permille) => `${percent(permille)} of their days fall on the same days of the week`,
  pages: (bits) =>
    bits === 0
      ? 'no rare page in common'
      : `both saw pages that are, together, as rare as ${oneIn(bits)}`,
  steps: (steps) =>
    `${steps === 0 ? 'no step' : counted(steps, 'step')} from page to page in common`,
  clicks: (value) =>
    value === 1 ? 'the same click on an advertisement' : 'no click on an advertisement in common',
  sites: (value) => (value === 1 ? 'a site in common' : 'no site in common'),
}

/** The lower kind comes first: `a phone and a computer`, `two phones`. */
function deviceWords(value: number): string {
  const names: readonly string[] = CLUE_NAMES.device
  const [a = '', b = ''] = [names[Math.floor(value / names.length)], names[value % names.length]]
  if (a !== b) return `${oneOf(a)} and ${oneOf(b)}`
  return a === 'other' ? 'two devices of other kinds' : `two ${a}s`
}

const oneOf = (name: string): string => (name === 'other' ? 'another device' : `a ${name}`)

/** Beyond it the numbers say no more. */
const RARE_BITS_MAX = 4 * 30

/** Of a rarity in quarter bits: `about 1 in 2,000`, in two digits. */
function oneIn(quarterBits: number, between: 'in' | 'of' = 'in'): string {
  if (quarterBits > RARE_BITS_MAX) return `1 ${between} more than 1,000,000,000`
  const many = 2 ** (quarterBits / 4)
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(many)) - 1)
  return `about 1 ${between} ${group(Math.round(many / scale) * scale)}`
}

const HOURS_A_DAY = 24

/** `5 hours`, `12 days`. */
function time(hours: number): string {
  return hours < 2 * HOURS_A_DAY
    ? counted(hours, 'hour')
    : counted(Math.round(hours / HOURS_A_DAY), 'day')
}

const percent = (permille: number): string => `${Math.round(permille / 10)} %`

const THOUSANDS = /\B(?=(\d{3})+$)/g
const group = (count: number): string => String(count).replaceAll(THOUSANDS, ',')
