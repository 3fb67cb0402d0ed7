// A value of a result, as JSON and as text. Invariant: nothing is rounded; a number that JSON would round is a string.
// Instants are ISO 8601 in UTC, whatever the time zone of the machine.

import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionType,
  DuckDBUnionValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** So many significant digits of a decimal number survive a double. */
const DOUBLE_DIGITS = 15
const INSTANT_MS_MAX = 8_640_000_000_000_000n

/** A cell as text: scalars as they are, lists and structs as JSON. */
export function cellText(value: DuckDBValue, type: DuckDBType): string | null {
  if (value === null) return null
  if (value instanceof DuckDBDecimalValue || typeof value === 'bigint') return value.toString()
  const json = isJson(type) ? String(value) : cellJson(value, type)
  return typeof json === 'string' ? json : JSON.stringify(json)
}

export function cellJson(value: DuckDBValue, type: DuckDBType): JsonValue {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return isJson(type) ? parsed(value) : value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return exactly(value)
  return nestedJson(value, type) ?? scalarJson(value)
}

function scalarJson(value: object): JsonValue {
  if (value instanceof DuckDBTimestampValue) return instant(value.micros, 6) ?? value.toString()
  if (value instanceof DuckDBTimestampTZValue) return instant(value.micros, 6) ?? value.toString()
  if (value instanceof DuckDBTimestampSecondsValue) {
    return instant(value.seconds, 0) ?? value.toString()
  }
  if (value instanceof DuckDBTimestampMillisecondsValue) {
    return instant(value.millis, 3) ?? value.toString()
  }
  if (value instanceof DuckDBTimestampNanosecondsValue) {
    return instant(value.nanos, 9) ?? value.toString()
  }
  if (value instanceof DuckDBDecimalValue) return decimal(value.toString())
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  // oxlint-disable-next-line typescript/no-base-to-string -- dates, times, intervals, UUIDs and bits say what they are
  return String(value)
}

function nestedJson(value: object, type: DuckDBType): JsonValue | undefined {
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType) {
    return value.items.map((item) => cellJson(item, type.valueType))
  }
  if (value instanceof DuckDBArrayValue && type instanceof DuckDBArrayType) {
    return value.items.map((item) => cellJson(item, type.valueType))
  }
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([name, entry]) => [
        name,
        cellJson(entry, type.typeForEntry(name)),
      ]),
    )
  }
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType) {
    return Object.fromEntries(
      value.entries.map((entry) => [
        cellText(entry.key, type.keyType) ?? '',
        cellJson(entry.value, type.valueType),
      ]),
    )
  }
  if (value instanceof DuckDBUnionValue && type instanceof DuckDBUnionType) {
    return cellJson(value.value, type.memberTypeForTag(value.tag))
  }
  return undefined
}

function exactly(whole: bigint): number | string {
  const number = Number(whole)
  return Number.isSafeInteger(number) ? number : String(whole)
}

function decimal(text: string): number | string {
  const digits = text.replace(/^-?[0.]*/, '').replace('.', '')
  return digits.length <= DOUBLE_DIGITS ? Number(text) : text
}

/** Of units of 10^-digits seconds since 1970; null where no calendar of ISO 8601 reaches. */
function instant(units: bigint, digits: number): string | null {
  const perSecond = 10n ** BigInt(digits)
  const within = ((units % perSecond) + perSecond) % perSecond
  const seconds = (units - within) / perSecond
  const ms = seconds * 1_000n
  if (ms > INSTANT_MS_MAX || ms < -INSTANT_MS_MAX) return null
  const fraction = String(within).padStart(digits, '0').padEnd(9, '0')
  const shown = fraction.endsWith('000000') ? 3 : fraction.endsWith('000') ? 6 : 9
  return new Date(Number(ms)).toISOString().replace('.000Z', `.${fraction.slice(0, shown)}Z`)
}

/** A text that holds JSON, by its type. */
function isJson(type: DuckDBType): boolean {
  return type.alias === 'JSON'
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}
