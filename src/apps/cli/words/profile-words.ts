// A profile and its timeline as lines for a person.

import type { ProfileAnswer, TimelineAnswer } from '../../answers/answer.ts'
import { counted, minute, share } from '../terminal/numbers.ts'
import { oneLine, tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { inWords, namesFor } from './names.ts'

/** Identifiers shown of a large profile. */
const SHOWN_MAX = 40

/** `typed`: what the person asked for, as they typed it. */
export function profileLines(
  terminal: Terminal,
  profile: ProfileAnswer,
  typed: string | null,
): string[] {
  const names = new Map(profile.asked === null || typed === null ? [] : [[profile.asked, typed]])
  const { identifiers, shared_cookies: shared } = profile
  const lines = [headLine(terminal, profile)]
  if (profile.shared_because !== null)
    lines.push(`Shared, so it joins nobody: ${oneLine(profile.shared_because)}`)
  if (profile.weakest_link !== null)
    lines.push(`Its weakest link: ${oneLine(inWords(profile.weakest_link, names))}`)
  const { first_seen: first, last_seen: last, sites } = profile
  lines.push(`Seen from ${minute(first)} to ${minute(last)} (UTC) on ${sites.join(', ')}`, '')
  lines.push(...identifierTable(terminal, identifiers, names))
  if (identifiers.length > SHOWN_MAX) {
    lines.push(
      terminal.paint('dim', `… and ${identifiers.length - SHOWN_MAX} more; --json has all`),
    )
  }
  if (shared.length > 0) {
    const list = shared.map(({ identifier }) => oneLine(namesFor(names)(identifier))).join(', ')
    lines.push('', `It also used ${counted(shared.length, 'cookie')} of several people: ${list}`)
  }
  return lines
}

function headLine(
  terminal: Terminal,
  { id, kind, state, confidence, identifiers }: ProfileAnswer,
): string {
  const sure = confidence === null ? 'nothing to join yet' : `confidence ${share(confidence, 2)}`
  const about = `${kind}, ${state.replaceAll('_', ' ')}, ${counted(identifiers.length, 'identifier')}, ${sure}`
  return `${terminal.paint('bold', id)}  ${about}`
}

function identifierTable(
  terminal: Terminal,
  identifiers: ProfileAnswer['identifiers'],
  typed: ReadonlyMap<string, string>,
): string[] {
  const names = namesFor(typed)
  const rows = identifiers
    .slice(0, SHOWN_MAX)
    .map(({ identifier, first_seen: first, last_seen: last, sites, quarantined }) => [
      names(identifier),
      minute(first),
      minute(last),
      quarantined ? `${sites.join(', ')} (quarantined)` : sites.join(', '),
    ])
  const columns = [
    { head: 'IDENTIFIER' },
    { head: 'FIRST SEEN', widthMin: 16 },
    { head: 'LAST SEEN', widthMin: 16 },
    { head: 'SITES' },
  ]
  return headed(terminal, tableLines(columns, rows, terminal.width))
}

/** What is known of the person as a table, after an empty line; nothing where nothing is. */
export function goldenLines(terminal: Terminal, { golden }: ProfileAnswer): string[] {
  if (golden === null || golden.values.length === 0) return []
  const rows = golden.values.map(({ attribute, value, site, at, rule, others }) => [
    attribute.replaceAll('_', ' '),
    typeof value === 'string' ? value : value.join(', '),
    `${rule.replaceAll('_', ' ')}, ${minute(at)} on ${site}`,
    others.join(', '),
  ])
  const columns = [
    { head: 'KNOWN' },
    { head: 'VALUE', widthMin: 12 },
    { head: 'FROM', widthMin: 12 },
    { head: 'INSTEAD OF', widthMin: 10 },
  ]
  const lines = ['', ...headed(terminal, tableLines(columns, rows, terminal.width))]
  const note =
    'from the latest messages only, there are too many: the table profiles of a batch run has them all'
  return golden.whole ? lines : [...lines, terminal.paint('dim', note)]
}

/** The events as a table, oldest first. */
export function timelineLines(terminal: Terminal, { events }: TimelineAnswer): string[] {
  const rows = events.map(({ at, site, device, type, name, page, identifiers }) => [
    minute(at),
    site,
    device ?? '',
    cookieIn(identifiers),
    `${type}${name === '' ? '' : ` ${name}`}`,
    page ?? '',
  ])
  const columns = [
    { head: 'WHEN (UTC)', widthMin: 16 },
    { head: 'SITE' },
    { head: 'FROM', widthMin: 10 },
    { head: 'COOKIE', widthMin: 8 },
    { head: 'EVENT', widthMin: 16 },
    { head: 'PAGE', widthMin: 8 },
  ]
  return headed(terminal, tableLines(columns, rows, terminal.width))
}

const COOKIE = /^cookie(?:@[^:]*)?:(.*)$/
const COOKIE_SHOWN = 12

/** Enough of a cookie to tell devices apart. */
function cookieIn(identifiers: readonly string[]): string {
  const value = identifiers.map((one) => COOKIE.exec(one)?.[1]).find((one) => one !== undefined)
  if (value === undefined) return ''
  return value.length > COOKIE_SHOWN + 2 ? `${value.slice(0, COOKIE_SHOWN)}…` : value
}

function headed(terminal: Terminal, [head = '', ...rest]: readonly string[]): string[] {
  return [terminal.paint('dim', head), ...rest]
}
