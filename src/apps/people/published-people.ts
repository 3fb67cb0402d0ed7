// What the latest published run says of people: their names, and who has a text in a name, a contact or an identifier.
// Invariant: tables that are not there, fail or take too long are as good as none; nobody waits for them without a limit.

import { openPublishedTables, type PublishedTables } from '../../adapters/duckdb/index.ts'
import type { Warehouse } from '../../ports/warehouse.ts'
import { findSql, namesSql, type GoldenColumn, goldenColumns, type Row } from './people-sql.ts'

export interface PublishedLimits {
  /** Of one question, waiting for its turn included; past it there is no answer from the tables. */
  readonly answerMsMax: number
  /** Questions under way or waiting for their turn; past it the same. */
  readonly waitingMax: number
}
const LIMITS: PublishedLimits = { answerMsMax: 2_000, waitingMax: 16 }
const MEMORY_MEGABYTES_MAX = 256

/** Where the text was found: what is said of somebody, by a profile id of the run. */
interface FoundPerson {
  readonly profile: string
  readonly what: 'name' | 'contact' | 'identifier'
  readonly text: string
  readonly name: string | null
}

/** Nothing, and no run, where there are no tables or they give no answer. */
export interface FoundPeople {
  readonly run: number | null
  readonly found: readonly FoundPerson[]
}

interface Opened {
  readonly run: number
  readonly tables: PublishedTables
  readonly golden: readonly GoldenColumn[]
}

export class PublishedPeople {
  readonly #warehouse: Warehouse
  readonly #limits: PublishedLimits
  #opened: Opened | null = null
  /** One question at a time. */
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  readonly #stop = new AbortController()

  constructor(warehouse: Warehouse, limits: Partial<PublishedLimits> = {}) {
    this.#warehouse = warehouse
    this.#limits = { ...LIMITS, ...limits }
  }

  /** What to call profiles of the run; those that have no name there are left out. */
  async namesOf(profiles: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (profiles.length === 0) return new Map()
    const answer = await this.#ask(({ golden }) => namesSql(golden, profiles))
    return new Map(answer?.rows.map(([profile, name]) => [profile ?? '', name ?? '']))
  }

  /** At most `limit`; a profile may come several times. */
  async find(text: string, limit: number): Promise<FoundPeople> {
    const answer = await this.#ask(({ golden }) => findSql(golden, text, limit))
    if (answer === null) return { run: null, found: [] }
    return { run: answer.run, found: answer.rows.map(personOf) }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#turn.catch(() => undefined)
    await this.#forget()
  }

  async #ask(sqlOf: (opened: Opened) => string | null): Promise<Rows | null> {
    const { answerMsMax, waitingMax } = this.#limits
    if (this.#waiting >= waitingMax) return null
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(answerMsMax)])
    this.#waiting++
    const asked = this.#turn.then(async () => this.#rows(sqlOf, signal))
    this.#turn = asked
    return asked.finally(() => this.#waiting--)
  }

  /** Null for whatever fails: whoever asks has better sources. */
  async #rows(sqlOf: (opened: Opened) => string | null, signal: AbortSignal): Promise<Rows | null> {
    try {
      const opened = signal.aborted ? null : await this.#current(signal)
      if (opened === null) return null
      const sql = sqlOf(opened)
      return { run: opened.run, rows: sql === null ? [] : await rowsOf(opened.tables, sql, signal) }
    } catch {
      // A run that was taken away, or damage: the next question opens what is there then.
      await this.#forget()
      return null
    }
  }

  /** The tables of the run that readers see now. */
  async #current(signal: AbortSignal): Promise<Opened | null> {
    const run = await this.#warehouse.current()
    if (this.#opened?.run === run) return this.#opened
    await this.#forget()
    if (run === null) return null
    const directory = this.#warehouse.directoryOf(run)
    const memoryMegabytesMax = MEMORY_MEGABYTES_MAX
    const tables = await openPublishedTables({ directory, memoryMegabytesMax })
    this.#opened = { run, tables, golden: [] }
    const described = await rowsOf(tables, 'DESCRIBE profiles', signal)
    this.#opened = { run, tables, golden: goldenColumns(described) }
    return this.#opened
  }

  async #forget(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    await opened?.tables.close().catch(() => undefined)
  }
}

function personOf([profile, what, said, name]: Row): FoundPerson {
  return {
    profile: profile ?? '',
    what: what === 'name' || what === 'contact' ? what : 'identifier',
    text: said ?? '',
    name: name ?? null,
  }
}

interface Rows {
  readonly run: number
  readonly rows: readonly Row[]
}

async function rowsOf(
  tables: PublishedTables,
  sql: string,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  const answer = await tables.query(sql, signal)
  for await (const page of answer.texts()) rows.push(...page)
  return rows
}
