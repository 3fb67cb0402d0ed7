// The lists of channels as small tables, and the patterns by which a URL is taken apart.
// Patterns are written without a backslash, so that every engine reads them alike.

import type { Dialect } from '../ports/batch-engine.ts'
import {
  BRANDS,
  type Channel,
  CHANNELS,
  CLICK_IDS,
  DOMAINS,
  MEDIUMS_BY_SOURCE,
  PLAIN_MEDIUMS,
  SOURCES,
} from './channels.ts'
import { table } from './policy-tables.ts'

type Lists = Readonly<Partial<Record<Channel, readonly string[]>>>

/** Each word with its channel. */
function entries(lists: Lists): (readonly [string, Channel])[] {
  return CHANNELS.flatMap((channel) =>
    (lists[channel] ?? []).map((word) => [word, channel] as const),
  )
}

/** medium (folded), channel, of_search, of_social: the channel by what the source is. */
export function mediumRuleSql(dialect: Dialect): string {
  const plain = entries(PLAIN_MEDIUMS).map(([medium, channel]) => [
    medium,
    channel,
    channel,
    channel,
  ])
  const bySource = MEDIUMS_BY_SOURCE.flatMap(({ mediums, otherwise, search, social }) =>
    mediums.map((medium) => [medium, otherwise, search, social]),
  )
  return table(dialect, ['medium', 'channel', 'of_search', 'of_social'], [...plain, ...bySource])
}

/** parameter, channel. */
export function clickRuleSql(dialect: Dialect): string {
  return table(dialect, ['parameter', 'channel'], entries(CLICK_IDS))
}

/**
 * kind (`domain`, `brand`, `source`), name, channel. Hosts of one's own are domains with the channel `direct`, whatever
 * the lists say of them.
 */
export function originRuleSql(dialect: Dialect, ownHosts: readonly string[]): string {
  const own = new Set(ownHosts)
  const rows = [
    ...[...own].map((host) => ['domain', host, 'direct']),
    ...entries(DOMAINS).flatMap(([host, channel]) =>
      own.has(host) ? [] : [['domain', host, channel]],
    ),
    ...entries(BRANDS).map(([name, channel]) => ['brand', name, channel]),
    ...entries(SOURCES).map(([name, channel]) => ['source', name, channel]),
  ]
  return table(dialect, ['kind', 'name', 'channel'], rows)
}

const CLICK = entries(CLICK_IDS)
  .map(([parameter]) => parameter)
  .join('|')

/** What is asked of a page, with a campaign or a click id. */
export const TAGGED_PATTERN = `(?i)[?&#](?:utm_source|utm_medium|utm_campaign|${CLICK})=[^&#]`

/** The first click id in it with its name, after one character. Without groups, which cost more than all the rest. */
export const CLICK_PATTERN = `(?i)[?&#](?:${CLICK})=[^&#]+`

/** What a host belongs to: its last two parts, three where the last but one is a country's `co` or the like. */
export const SITE_PATTERN =
  '([^.]+[.](?:(?:ac|co|com|edu|go|gob|gov|ne|net|or|org)[.][a-z][a-z]|[^.]+))$'

/** The last so many parts of a host. */
export function endingPattern(labels: number): string {
  return `(${Array.from({ length: labels }, () => '[^.]+').join('[.]')})$`
}

/** A host that is an address: it belongs to nothing. */
export const ADDRESS_PATTERN = '^[0-9.]+$'

/** Value of a parameter of what is asked of a page, decoded and trimmed; empty if there is none. */
export function parameterSql(d: Dialect, query: string, name: string): string {
  const found = `regexp_extract(${query}, '(?i)[?&#]${name}=[^&#]+', 0)`
  return `trim(${d.urlDecoded(`replace(substr(${found}, ${name.length + 3}), '+', ' ')`)})`
}

/** What JavaScript takes for space, as characters of a pattern's class. */
const SPACE = '\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'

/** A text as `foldName` has it. */
export function foldSql(d: Dialect, text: string): string {
  const trimmed = d.replaceAll(text, `^[${SPACE}]+|[${SPACE}]+$`, '')
  return `lower(${d.replaceAll(trimmed, `[${SPACE}_-]+`, ' ')})`
}
