// What a message was sent from: the kind of device and the browser, told by the library, by the browser's hints, or by
// the user agent. Invariant: what is not told is null; a contact in a user agent counts as its mark.

import { fieldsAt, isFields, NO_FIELDS, type Fields } from '../event/event.ts'
import type { System } from '../identifier/system.ts'
import type { ClueName } from './clue.ts'

type Device = ClueName<'device'>
type Browser = ClueName<'browser'>

const TOLD_DEVICES: ReadonlyMap<string, Device> = new Map<string, Device>([
  ['phone', 'phone'],
  ['mobile', 'phone'],
  ['smartphone', 'phone'],
  ['tablet', 'tablet'],
  ['ipad', 'tablet'],
  ['desktop', 'computer'],
  ['computer', 'computer'],
  ['laptop', 'computer'],
  ['browser', 'computer'],
  ['tv', 'other'],
  ['smarttv', 'other'],
  ['console', 'other'],
  ['watch', 'other'],
  ['wearable', 'other'],
])

/** The kind of device that `context.device`, else `context.userAgentData` tells. */
export function toldDevice(context: Fields, system: System | ''): Device | null {
  const device = fieldsAt(context, 'device')
  const type = device['type']
  if (typeof type === 'string' && type !== '') {
    const name = type.toLowerCase()
    if (name === 'ios') return isIpad(device, context) ? 'tablet' : 'phone'
    if (name === 'android') return isLarge(context) ? 'tablet' : 'phone'
    const told = TOLD_DEVICES.get(name)
    if (told !== undefined) return told
  }
  const mobile = fieldsAt(context, 'userAgentData')['mobile']
  if (typeof mobile !== 'boolean') return null
  if (mobile) return 'phone'
  return system === 'android' ? 'tablet' : 'computer'
}

/** Every iPhone's screen since 2012 is longer than 16:10, and no iPad's is. */
const IPAD_RATIO_MAX = 1.6

function isIpad(device: Fields, context: Fields): boolean {
  const { model } = device
  if (typeof model === 'string' && /^i(?:pad|phone|pod)/i.test(model)) return /^ipad/i.test(model)
  const { short, long } = sidesOf(context)
  return short > 0 && long / short < IPAD_RATIO_MAX
}

/** Android's own border: the shorter side in density-independent pixels. */
const TABLET_DP_MIN = 600

function isLarge(context: Fields): boolean {
  const { density } = fieldsAt(context, 'screen')
  return typeof density === 'number' && sidesOf(context).short / density >= TABLET_DP_MIN
}

function sidesOf(context: Fields): { readonly short: number; readonly long: number } {
  const { width, height } = fieldsAt(context, 'screen')
  if (typeof width !== 'number' || typeof height !== 'number') return { short: 0, long: 0 }
  return { short: Math.min(width, height), long: Math.max(width, height) }
}

/** In this order: a television or a tablet says "Android" too, an iPad "Mobile". */
const AGENT_DEVICES: readonly (readonly [pattern: RegExp, device: Device])[] = [
  [
    /smart-?tv|\b(?:apple|google|android) ?tv\b|hbbtv|\bcrkey\b|\broku\b|\baft[a-z]{1,4}\b/,
    'other',
  ],
  [/\bplaystation\b|\bxbox\b|\bnintendo\b|\bwatch ?os\b/, 'other'],
  [/\bipad\b|\btablet\b|\bkindle\b|\bplaybook\b/, 'tablet'],
  [/\biphone\b|\bipod\b|\bmobile\b|\bmobi\b|\bwindows phone\b/, 'phone'],
  [/^mozilla\/.*\bandroid\b/, 'tablet'],
  [/\bandroid\b/, 'phone'],
  [/\bwindows nt\b|\bmacintosh\b|\bcros\b|\bx11\b/, 'computer'],
]

/** The kind of device that a user agent in lower case tells. */
export function deviceOfAgent(agent: string): Device | null {
  return AGENT_DEVICES.find(([pattern]) => pattern.test(agent))?.[1] ?? null
}

/** Null for what does not tell one browser from another. */
const BRANDS: ReadonlyMap<string, Browser | null> = new Map<string, Browser | null>([
  ['Chromium', null],
  ['Google Chrome', 'chrome'],
  ['Microsoft Edge', 'edge'],
  ['Samsung Internet', 'samsung'],
  ['Opera', 'opera'],
  ['Opera GX', 'opera'],
  ['Opera Mobile', 'opera'],
])
const BRANDS_MAX = 8

/** The browser that `context.app`, else `context.userAgentData` tells: the app that sends is no browser. */
export function toldBrowser(context: Fields): Browser | null {
  const app = fieldsAt(context, 'app')
  if (app !== NO_FIELDS && Object.keys(app).length > 0) return 'app'
  const { brands } = fieldsAt(context, 'userAgentData')
  if (!Array.isArray(brands)) return null
  let isOther = false
  for (let at = 0; at < brands.length && at < BRANDS_MAX; at++) {
    const entry: unknown = brands[at]
    const brand = isFields(entry) ? entry['brand'] : undefined
    if (typeof brand !== 'string') continue
    const known = BRANDS.get(brand)
    if (known === undefined) isOther = true
    else if (known !== null) return known
  }
  return isOther && !brands.every(isNoName) ? 'other' : null
}

/** Every browser on Chromium says so, and adds a made-up brand such as "Not=A?Brand". */
function isNoName(entry: unknown): boolean {
  const brand = isFields(entry) ? entry['brand'] : undefined
  return typeof brand !== 'string' || brand === 'Chromium' || /not.*brand/i.test(brand)
}

/** In this order: most say "Chrome" and "Safari" beside their own name; views inside apps are no browser of their own. */
const AGENT_BROWSERS: readonly (readonly [pattern: RegExp, browser: Browser])[] = [
  [
    /\bfban\b|\bfbav\b|\bfb_iab\b|\binstagram\b|; wv\)|\bgsa\/|yabrowser|vivaldi|duckduckgo/,
    'other',
  ],
  [/\bedg(?:e|a|ios)?\//, 'edge'],
  [/\bopr\/|\bopios\/|\bopt\/|\bopera\b/, 'opera'],
  [/\bsamsungbrowser\//, 'samsung'],
  [/\bfirefox\/|\bfxios\//, 'firefox'],
  [/\bcrios\/|\b(?:headless)?chrome\/|\bchromium\//, 'chrome'],
  [/\bsafari\//, 'safari'],
  [/^mozilla\//, 'other'],
]

/** The browser that a user agent in lower case tells. */
export function browserOfAgent(agent: string): Browser | null {
  return AGENT_BROWSERS.find(([pattern]) => pattern.test(agent))?.[1] ?? null
}
