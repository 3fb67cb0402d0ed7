// Why a query gave no answer, in words for whoever wrote it, and where in it.

export type QueryErrorCode =
  /** The query cannot be understood, or fails on these values. */
  | 'wrong'
  /** It would do something else than read the published tables. */
  | 'refused'
  /** It needs more memory than it may have. */
  | 'too_large'
  | 'interrupted'
  /** The files of the run are there no longer. */
  | 'gone'
  | 'failed'

export interface QueryErrorOptions {
  /** Where in the text of the query, in code units from its beginning; null where that is not known. */
  readonly position?: number | null
  /** What may help, in its own lines. */
  readonly hint?: string | null
  readonly cause?: unknown
}

export class QueryError extends Error {
  readonly code: QueryErrorCode
  readonly position: number | null
  readonly hint: string | null

  constructor(code: QueryErrorCode, message: string, options: QueryErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'QueryError'
    this.code = code
    this.position = options.position ?? null
    this.hint = options.hint ?? null
  }
}

/** What DuckDB says under `errors_as_json`. */
interface Said {
  readonly exception_type?: string
  readonly exception_message?: string
  /** Byte of the query's UTF-8. */
  readonly position?: string
  readonly error_subtype?: string
  /** Of what kind a missing entry is. */
  readonly type?: string
  readonly name?: string
}

const CODES: Readonly<Record<string, QueryErrorCode>> = {
  Permission: 'refused',
  INTERRUPT: 'interrupted',
  'Out of Memory': 'too_large',
  IO: 'failed',
  INTERNAL: 'failed',
  FATAL: 'failed',
}

/** `tables`: those there are. */
export function queryErrorOf(cause: unknown, sql: string, tables: readonly string[]): QueryError {
  if (cause instanceof QueryError) return cause
  const text = cause instanceof Error ? cause.message : String(cause)
  const said = saidIn(text)
  const code = CODES[said.exception_type ?? ''] ?? 'wrong'
  const position = positionOf(sql, said.position)
  const options = { position, cause }
  if (code === 'interrupted') return new QueryError(code, 'the query was interrupted', options)
  if (code === 'too_large') {
    const hint = 'Ask for less at once: fewer columns, fewer rows, a narrower range of time.'
    return new QueryError(code, 'the query needs more memory than it may have', { cause, hint })
  }
  if (code === 'refused') {
    return new QueryError(code, 'a query can read the published tables and nothing else', {
      ...options,
      hint: thereIs(tables),
    })
  }
  if (said.error_subtype === 'MISSING_ENTRY' && said.type === 'Table') {
    const message = `there is no table "${said.name ?? ''}"`
    return new QueryError(code, message, { ...options, hint: thereIs(tables) })
  }
  const [message = '', ...more] = (said.exception_message ?? text).split('\n')
  const hint = more.filter((line) => line.trim() !== '').join('\n')
  return new QueryError(code, message, { ...options, hint: hint === '' ? null : hint })
}

function thereIs(tables: readonly string[]): string {
  return `There ${tables.length === 1 ? 'is' : 'are'} ${tables.join(', ')}.`
}

function saidIn(text: string): Said {
  const start = text.indexOf('{"')
  try {
    return start < 0 ? {} : (JSON.parse(text.slice(start)) as Said)
  } catch {
    return {}
  }
}

function positionOf(sql: string, byte: string | undefined): number | null {
  const at = Number(byte ?? Number.NaN)
  if (!Number.isSafeInteger(at) || at < 0) return null
  return Buffer.from(sql).subarray(0, at).toString().length
}
