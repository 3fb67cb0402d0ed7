// What a message was sent from, in two or three words for a person: `Chrome on Windows`, `iPhone app`, `server`.

import { isFromServer } from '../../core/index.ts'
import { fieldsAt, isFields, type Fields } from '../../core/event/event.ts'
import { jsonOf } from '../json-text.ts'

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

export interface Sender {
  readonly device: string | null
  /** Path of the page or name of the screen it was sent from. */
  readonly page: string | null
}

/** What the raw text of a message says of its sender. */
export function senderOf(raw: string): Sender {
  const message = jsonOf(raw)
  if (!isFields(message)) return { device: null, page: null }
  const context = fieldsAt(message, 'context')
  const path = fieldsAt(context, 'page')['path'] ?? fieldsAt(message, 'properties')['path']
  return { device: deviceOf(message, context), page: textOf(path) }
}

function deviceOf(message: Fields, context: Fields): string | null {
  const model =
    textOf(fieldsAt(context, 'device')['model']) ?? textOf(fieldsAt(context, 'device')['name'])
  if (model !== null) return `${model} app`
  const agent = textOf(context['userAgent'])
  if (agent !== null) {
    const [browser, system] = [named(BROWSERS, agent), named(SYSTEMS, agent)]
    if (browser !== null || system !== null)
      return browser === null || system === null ? (browser ?? system) : `${browser} on ${system}`
  }
  return isFromServer(message) ? 'server' : textOf(fieldsAt(context, 'os')['name'])
}

function named(names: readonly (readonly [RegExp, string])[], agent: string): string | null {
  return names.find(([pattern]) => pattern.test(agent))?.[1] ?? null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
