// The options of `sql`: in which ways an answer in rows can be had, and what its help says of them.

import { extname } from 'node:path'

import { UserError } from '../../user-error.ts'

export const FORMATS = ['table', 'csv', 'json', 'parquet'] as const

/** Files that hold a table as a terminal shows it. */
const ENDINGS_OF_TEXT: ReadonlySet<string> = new Set(['', 'txt'])

export type Format = (typeof FORMATS)[number]

export interface SqlOptions {
  readonly format?: Format
  readonly out?: string
  /** Rows at most. */
  readonly limit?: number
}

/** The format that was named, else what the file's name says. @throws {UserError} for a contradiction */
export function formatOf({ format, out }: SqlOptions, json: boolean): Format {
  if (json && format !== undefined && format !== 'json') {
    throw new UserError(`--json and --format ${format} are two formats`, { exitCode: 2 })
  }
  const ending = extname(out ?? '').slice(1)
  const named = format ?? (json ? 'json' : FORMATS.find((one) => one === ending))
  if (named === undefined && !ENDINGS_OF_TEXT.has(ending)) {
    const hint = `Name one: --format ${FORMATS.join('|')}, or a file that ends in one of them.`
    throw new UserError(`no format goes by ".${ending}"`, { hint, exitCode: 2 })
  }
  if (named === 'parquet' && out === undefined) {
    const hint = 'Name a file: --out FILE'
    throw new UserError('Parquet is not for a terminal', { hint, exitCode: 2 })
  }
  return named ?? 'table'
}

/** Shown below the options. */
export const SQL_NOTES = `
The statement is DuckDB's SQL and sees the run that is current when it begins,
beside a running server too. It can read the published tables and nothing else;
SHOW TABLES lists them, DESCRIBE profiles lists columns.

  table    fits the terminal; whole in a file (.txt) and for another program
  csv      RFC 4180: lines end in CR LF, an empty field is NULL, "" is no text
  json     one array; whole numbers beyond 2^53 and longer decimals are strings
  parquet  needs --out

Instants are ISO 8601 in UTC, lists and structs JSON, bytes base64.`

export const SQL_EXAMPLES = [
  'selfsame sql "SELECT state, count(*) FROM profiles GROUP BY state"',
  'selfsame sql "FROM identifiers" --out identifiers.csv',
  'selfsame sql - --format json < report.sql',
]
