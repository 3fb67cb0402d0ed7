// Lines of a file to messages: parsed, their site and time of receipt read, the line itself kept as it is.
// Invariant: what is no message is a reject with its line number; it stops nothing.

import { redactContacts, type Envelope, type Extraction } from '../../core/index.ts'
import { type SitesOfOthers, whoseSite } from '../../core/policy/account-settings.ts'
import { instantOf } from '../../core/event/event-time.ts'
import { isFields } from '../../core/event/event.ts'
import { understand, type Incoming, type Understood } from '../../flows/ingest.ts'
import type { LineBatch, LongLine } from './split-lines.ts'

/** A line that became no message. */
export interface RefusedLine {
  readonly line: number
  readonly reason: string
  readonly detail: string
  /** Undefined where it may not or cannot be kept. */
  readonly raw?: string | undefined
}

export interface ReadLines {
  readonly messages: readonly Understood[]
  /** Line number of each message. */
  readonly lines: readonly number[]
  readonly refused: readonly RefusedLine[]
}

export interface Reading {
  /** Site of a message that names none. */
  readonly site: string
  /** Time of receipt of a message that names none, ms since the epoch. */
  readonly now: number
  readonly others: SitesOfOthers
}

const CR = 13
const SITE = /^[a-z0-9][a-z0-9._-]{0,62}$/
/** Nothing was collected before 2000. */
const EARLIEST_MS = 946_684_800_000
const BYTE_ORDER_MARK = /^\uFEFF/

/** Each line is parsed and understood before the next, so that what was parsed need not outlive its line. */
export function messagesOfLines(
  extraction: Extraction,
  batch: LineBatch,
  reading: Reading,
): ReadLines {
  const messages: Understood[] = []
  const lines: number[] = []
  const refused: RefusedLine[] = []
  const plain: Envelope = { receivedAt: reading.now, historical: true, site: reading.site }
  batch.ends.forEach((_, i) => {
    const line = batch.firstLine + i
    const raw = textOfLine(batch, line)
    if (raw === '' || raw.trim() === '') return
    const read = readLine(raw, plain, reading.others)
    if ('reason' in read) refused.push({ line, raw, ...read })
    else {
      messages.push(understand(extraction, read))
      lines.push(line)
    }
  })
  return { messages, lines, refused }
}

/** A line that was passed over: nobody has its text. */
export function refusedLong({ line, bytes }: LongLine, bytesMax: number): RefusedLine {
  const detail = `a line has at most ${bytesMax} bytes, not ${bytes} (limits.lineBytesMax of the configuration)`
  return { line, reason: 'too_large', detail }
}

/** The text of a line of the batch, by its number. */
export function textOfLine({ firstLine, bytes, ends }: LineBatch, line: number): string {
  const start = line === firstLine ? 0 : (ends[line - firstLine - 1] ?? 0) + 1
  const lineFeed = ends[line - firstLine] ?? start
  const end = lineFeed > start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
  const text = bytes.toString('utf8', start, end)
  return line === 1 ? text.replace(BYTE_ORDER_MARK, '') : text
}

/** A line's message with the site and time of receipt it names, or why it is none. */
export function readLine(
  raw: string,
  plain: Envelope,
  others: SitesOfOthers,
): Incoming | { reason: string; detail: string } {
  let message: unknown
  try {
    message = JSON.parse(raw)
  } catch {
    return { reason: 'not_json', detail: 'the line is no JSON' }
  }
  const { site, receivedAt } = isFields(message) ? message : {}
  const named = site === undefined || site === null ? plain.site : site
  if (typeof named !== 'string' || !SITE.test(named)) {
    return {
      reason: 'bad_site',
      detail: 'a site is up to 63 lower-case letters, digits, "_", "-" and "."',
    }
  }
  const foreign = whoseSite(others, named)
  if (foreign !== null) return { reason: 'bad_site', detail: foreign }
  if (site === undefined && receivedAt === undefined) return { raw, message, envelope: plain }
  return {
    raw,
    message,
    envelope: { ...plain, site: named, receivedAt: receipt(receivedAt, plain) },
  }
}

/** An archive of a collector says when it received each message; that time founds profiles, so it is kept. */
function receipt(value: unknown, { receivedAt: now }: Envelope): number {
  const at = instantOf(value)
  return at >= EARLIEST_MS && at <= now ? Math.floor(at) : now
}

/** The line as it may be kept among the rejects: under `contacts: "hash"` without the contacts, or not at all. */
export function rawToKeep(extraction: Extraction, raw: string | undefined): string | undefined {
  if (raw === undefined || extraction.settings.contacts === 'keep') return raw
  try {
    return JSON.stringify(redactContacts(extraction, JSON.parse(raw)))
  } catch {
    return undefined
  }
}
