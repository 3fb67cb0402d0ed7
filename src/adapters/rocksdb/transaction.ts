// One commit in the making: what it puts and deletes is kept beside the database, then written at once.
// Invariant: `get` sees what the commit has done so far; ranges see what it has deleted, but not what it has put.

import type { Database, RangeOptions, Row } from './database.ts'
import { jsonValue } from './rows.ts'
import { readTally, type Tally, TALLY } from './tally.ts'

export class Transaction {
  readonly #database: Database
  /** By the bytes of their names as text. */
  readonly #changed = new Map<string, readonly [row: Buffer, value: Buffer | null]>()
  readonly tally: Tally

  constructor(database: Database) {
    this.#database = database
    this.tally = readTally(database)
  }

  get(row: Buffer): Buffer | undefined {
    const changed = this.#changed.get(nameOf(row))
    return changed === undefined ? this.#database.get(row) : (changed[1] ?? undefined)
  }

  getMany(rows: readonly Buffer[]): readonly (Buffer | undefined)[] {
    const stored = this.#database.getMany(rows)
    if (this.#changed.size === 0) return stored
    return stored.map((value, at) => {
      const row = rows[at]
      const changed = row && this.#changed.get(nameOf(row))
      return changed === undefined ? value : (changed[1] ?? undefined)
    })
  }

  /** See the invariant. */
  range(prefix: Buffer, options: RangeOptions = {}): readonly Row[] {
    const stored = this.#database.range(prefix, options)
    return stored.filter(([row]) => this.#changed.get(nameOf(row))?.[1] !== null)
  }

  put(row: Buffer, value: Buffer = NOTHING): void {
    this.#changed.set(nameOf(row), [row, value])
  }

  delete(row: Buffer): void {
    this.#changed.set(nameOf(row), [row, null])
  }

  /** Ids in a row that lists them. */
  ids(row: Buffer): readonly string[] {
    const value = this.get(row)
    return value === undefined ? [] : (JSON.parse(value.toString()) as string[])
  }

  addId(row: Buffer, id: string): void {
    const ids = this.ids(row)
    if (!ids.includes(id)) this.put(row, jsonValue([...ids, id]))
  }

  removeId(row: Buffer, id: string): void {
    const ids = this.ids(row).filter((one) => one !== id)
    if (ids.length === 0) this.delete(row)
    else this.put(row, jsonValue(ids))
  }

  write(): void {
    this.put(TALLY, jsonValue(this.tally))
    this.#database.write(this.#changed.values())
  }
}

const NOTHING = Buffer.alloc(0)

function nameOf(row: Buffer): string {
  return row.toString('latin1')
}
