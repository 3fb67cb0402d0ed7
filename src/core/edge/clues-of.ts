// An event to the clues it tells of its cookie (docs/identifiers.md).
// Invariant: a contact in a value counts as its mark, so a redacted message tells what the plain one does; what is missing,
// of a wrong type or too long tells nothing.

import { fieldsAt, NO_FIELDS, type Event, type Fields } from '../event/event.ts'
import { addressOf } from '../event/web-address.ts'
import type { Extraction } from '../identifier/extraction.ts'
import { hideContacts } from '../identifier/id-text.ts'
import type { Recent } from '../identifier/recent.ts'
import { systemOf } from '../identifier/system.ts'
import {
  clueOfName,
  clueOfText,
  cluesFrom,
  type ClueKind,
  type ClueName,
  type Clues,
  type NamedKind,
} from './clue.ts'
import { browserOfAgent, deviceOfAgent, toldBrowser, toldDevice } from './sender.ts'

/** Longer values, in UTF-16 units, tell nothing. */
const VALUE_UNITS_MAX = 2_048

/** Parameters by which an ad network knows a click again. */
const CLICK_NAMES = [
  'gclid',
  'gbraid',
  'wbraid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'dclid',
  'yclid',
  'li_fat_id',
] as const
const CLICK = new RegExp(`[?&#](${CLICK_NAMES.join('|')})=([^&#]+)`, 'g')

const NOTHING = -1
const SEPARATOR = '\u001f'

/** What is being told: clues in the order in which they are met, perhaps more than once. */
type Told = number[]

/** What the event tells of the cookie that sent it. */
export function cluesOf(event: Event, extraction: Extraction): Clues {
  const told: Told = []
  tellSender(told, extraction, event.context)
  tellPlace(told, extraction, event.context)
  tellPages(told, extraction, event)
  told.push(clueOfText('site', event.site))
  return cluesFrom(told)
}

function tellSender(told: Told, extraction: Extraction, context: Fields): void {
  const system = systemOf(extraction, context)
  if (system !== '') told.push(clueOfName('system', system))
  const device = toldDevice(context, system)
  const browser = toldBrowser(context)
  const agent = context['userAgent']
  const { devices, browsers } = extraction.clues
  if (device !== null) told.push(clueOfName('device', device))
  else if (typeof agent === 'string') {
    tell(
      told,
      remembered(devices, agent, () => named(extraction, agent, 'device', deviceOfAgent)),
    )
  }
  if (browser !== null) told.push(clueOfName('browser', browser))
  else if (typeof agent === 'string') {
    tell(
      told,
      remembered(browsers, agent, () => named(extraction, agent, 'browser', browserOfAgent)),
    )
  }
}

function named<Kind extends NamedKind>(
  extraction: Extraction,
  agent: string,
  kind: Kind,
  nameOf: (agent: string) => ClueName<Kind> | null,
): number {
  const text = hidden(extraction, agent)
  const name = text === null ? null : nameOf(text.toLowerCase())
  return name === null ? NOTHING : clueOfName(kind, name)
}

function tellPlace(told: Told, extraction: Extraction, context: Fields): void {
  const { languages, zones } = extraction.clues
  const { locale, timezone } = context
  if (typeof locale === 'string') {
    tell(
      told,
      remembered(languages, locale, () => {
        const text = hidden(extraction, locale)?.toLowerCase() ?? ''
        // Some libraries write `en_US`, as Java does.
        return hashed('language', text.replaceAll('_', '-'))
      }),
    )
  }
  if (typeof timezone === 'string') {
    tell(
      told,
      remembered(zones, timezone, () => hashed('zone', hidden(extraction, timezone) ?? '')),
    )
  }
  const location = fieldsAt(context, 'location')
  if (location !== NO_FIELDS) tell(told, regionOf(extraction, location))
}

function regionOf(extraction: Extraction, location: Fields): number {
  const { country, region, state, city } = location
  const parts = [country, region ?? state, city].map((part) => textOf(part) ?? '')
  return remembered(extraction.clues.regions, parts.join(SEPARATOR), () => {
    const texts = parts.map((part) => hidden(extraction, part)?.trim() ?? '')
    if (texts.every((text) => text === '')) return NOTHING
    return clueOfText('region', texts.join(SEPARATOR).toLowerCase())
  })
}

function tellPages(told: Told, extraction: Extraction, event: Event): void {
  const { site, type, name, properties, context } = event
  const page = fieldsAt(context, 'page')
  const url = textOf(page['url']) ?? textOf(properties['url'])
  const referrer = textOf(page['referrer']) ?? textOf(properties['referrer'])
  if (url !== null) tellPage(told, extraction, site, url, referrer)
  if (type === 'screen' && name !== '') {
    const screen = hidden(extraction, name)
    if (screen !== null) told.push(clueOfText('page', `${site} screen:${screen}`))
  }
  tellClicks(told, extraction, fieldsAt(context, 'campaign'))
  tellClicks(told, extraction, properties)
}

function tellPage(
  told: Told,
  extraction: Extraction,
  site: string,
  url: string,
  referrer: string | null,
): void {
  const shown = hidden(extraction, url)
  const address = shown === null ? null : addressOf(shown)
  if (shown === null || address === null) return
  const { host, path } = address
  told.push(clueOfText('page', `${site} ${path}`))
  if (shown.includes('=')) {
    for (const [, name = '', value = ''] of shown.matchAll(CLICK)) {
      told.push(clueOfText('click', `${name}:${value}`))
    }
  }
  const before = referrer === null ? null : hidden(extraction, referrer)
  const from = before === null ? null : addressOf(before)
  if (from === null) return
  if (from.host !== host && from.host.toLowerCase() !== host.toLowerCase()) return
  told.push(clueOfText('step', `${site} ${from.path} ${path}`))
}

function tellClicks(told: Told, extraction: Extraction, fields: Fields): void {
  if (fields === NO_FIELDS) return
  for (const name of CLICK_NAMES) {
    const value = textOf(fields[name])
    const shown = value === null ? null : hidden(extraction, value)
    if (shown !== null) told.push(clueOfText('click', `${name}:${shown}`))
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** With contacts as their marks; null for what is too long. */
function hidden(extraction: Extraction, text: string): string | null {
  const shown = hideContacts(extraction, text)
  return shown.length <= VALUE_UNITS_MAX ? shown : null
}

function hashed(kind: ClueKind, text: string): number {
  const trimmed = text.trim()
  return trimmed === '' ? NOTHING : clueOfText(kind, trimmed)
}

/** Long texts are not worth remembering. */
function remembered(memory: Recent<number>, text: string, make: () => number): number {
  if (text.length > VALUE_UNITS_MAX) return make()
  let clue = memory.get(text)
  if (clue === undefined) memory.set(text, (clue = make()))
  return clue
}

function tell(told: Told, clue: number): void {
  if (clue !== NOTHING) told.push(clue)
}
