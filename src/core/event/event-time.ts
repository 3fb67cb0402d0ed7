// When it happened: the sender's timestamp, corrected by how wrong the sender's clock was when it sent.
// Invariant: reads no clock and no time zone of the machine; nonsense becomes the time of receipt.

import type { Envelope, Fields } from './event.ts'

const DAY_MS = 86_400_000
/** Nothing was tracked before 2000: an earlier time is a broken clock. */
const EARLIEST_MS = 946_684_800_000
/** A time further ahead of its receipt is nonsense; up to this it may be a time zone mistaken by the sender. */
const AHEAD_MS_MAX = DAY_MS
/** Numbers below are seconds since the epoch, from here on milliseconds (1973 in ms, 5138 in s). */
const MILLISECONDS_FROM = 100_000_000_000

/**
 * Event time, ms since the epoch. Live: `receivedAt − (sentAt − timestamp)`; without `sentAt` the timestamp as it is.
 * Historical: the timestamp (else `sentAt`) as it is. `originalTimestamp` stands in for a missing `timestamp`.
 * Without a readable time, before 2000, or more than a day ahead of the receipt: the time of receipt.
 */
export function eventTime(message: Fields, envelope: Envelope): number {
  const { receivedAt, historical } = envelope
  let at = instantOf(message['timestamp'])
  if (Number.isNaN(at)) at = instantOf(message['originalTimestamp'])
  const sentAt = instantOf(message['sentAt'])
  if (historical) at = Number.isNaN(at) ? sentAt : at
  else if (!Number.isNaN(sentAt)) at = receivedAt - (sentAt - at)
  return at >= EARLIEST_MS && at <= receivedAt + AHEAD_MS_MAX ? Math.floor(at) : receivedAt
}

/** Ms since the epoch of an ISO 8601 text (UTC unless it names an offset) or a number of s or ms; NaN for others. */
export function instantOf(value: unknown): number {
  if (typeof value === 'number') return value < MILLISECONDS_FROM ? value * 1000 : value
  if (typeof value !== 'string') return Number.NaN
  return value.length < 10 || value.charCodeAt(4) !== 45 ? epochText(value) : isoText(value)
}

function epochText(text: string): number {
  return /^\s*\d{10,13}\s*$/.test(text) ? instantOf(Number(text)) : Number.NaN
}

// `Date.parse` reads a text without an offset in the machine's own zone, so two machines would disagree.
function isoText(text: string): number {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  if (text.charCodeAt(7) !== 45 || month < 1 || month > 12 || day < 1) return Number.NaN
  if (day > daysIn(year, month)) return Number.NaN
  const date = Date.UTC(year, month - 1, day)
  if (text.length === 10) return date
  const separator = text.charCodeAt(10)
  if (separator !== 84 && separator !== 116 && separator !== 32) return Number.NaN
  return date + timeOfDay(text)
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
}

/** Ms of `HH:MM[:SS[.fff…]]` at 11, less the offset behind it. */
function timeOfDay(text: string): number {
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  if (!(hour < 24 && minute < 60 && text.charCodeAt(13) === 58)) return Number.NaN
  let ms = hour * 3_600_000 + minute * 60_000
  let end = 16
  if (text.charCodeAt(end) === 58) {
    const second = digits(text, 17, 2)
    if (!(second <= 60)) return Number.NaN
    ms += second * 1000
    end = 19
    const mark = text.charCodeAt(end)
    if (mark === 46 || mark === 44) {
      let unit = 100
      for (end++; isDigit(text.charCodeAt(end)); end++) {
        ms += (text.charCodeAt(end) - 48) * unit
        unit /= 10
      }
    }
  }
  return ms - offset(text, end)
}

/** Ms of `Z`, `±HH`, `±HHMM` or `±HH:MM` at the end of the text; none is UTC. */
function offset(text: string, start: number): number {
  const code = text.charCodeAt(start)
  const left = text.length - start
  if (left === 0 || (left === 1 && (code === 90 || code === 122))) return 0
  if (code !== 43 && code !== 45) return Number.NaN
  const colon = text.charCodeAt(start + 3) === 58 ? 1 : 0
  const minutes = left === 3 ? 0 : digits(text, start + 3 + colon, 2)
  if (left !== 3 && left !== 5 + colon) return Number.NaN
  const ms = (digits(text, start + 1, 2) * 60 + minutes) * 60_000
  return code === 43 ? ms : -ms
}

function digits(text: string, start: number, count: number): number {
  let number = 0
  for (let i = start; i < start + count; i++) {
    const code = text.charCodeAt(i)
    if (!isDigit(code)) return Number.NaN
    number = number * 10 + code - 48
  }
  return number
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
