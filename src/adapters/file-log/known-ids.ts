// Every id the log has ever taken: tables in memory for segments without a run, runs for the rest.
// Invariant: exact and for ever; memory grows by about 1.5 bytes an id, look-ups by the logarithm of the log.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Position } from '../../ports/event-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { fileName, replaceFile } from './directory.ts'
import { RunWriter } from './id-run-writer.ts'
import { openRun, type IdRun } from './id-run.ts'
import { sortEntries, type IdHash, type IdTable } from './id-table.ts'
import { mergeRuns } from './merge-runs.ts'

interface ClosedTable {
  readonly first: Position
  readonly last: Position
  readonly table: IdTable
}

interface Range {
  readonly first: Position
  readonly last: Position
}

export class KnownIds {
  readonly #directory: string
  readonly #fanIn: number
  /** Of closed segments, oldest first, until their run is written. */
  #tables: readonly ClosedTable[] = []
  /** Oldest first, without gaps or overlaps. */
  #runs: readonly IdRun[] = []

  /** @param fanIn how many neighbouring runs of one level are merged into one of the next */
  constructor(directory: string, fanIn: number) {
    this.#directory = directory
    this.#fanIn = fanIn
  }

  /**
   * Opens the runs at `paths`. Those that a wider one has taken in are deleted, and so are damaged ones: the caller makes
   * them anew from the segments that are then not covered.
   */
  async openRuns(paths: readonly string[]): Promise<void> {
    const runs: IdRun[] = []
    for (const path of paths) {
      const run = await openRun(path).catch((cause: unknown) => {
        if (cause instanceof StoreError && cause.code === 'corrupt') return null
        throw cause
      })
      if (run === null) await rm(path, { force: true })
      else runs.push(run)
    }
    const kept: IdRun[] = []
    for (const run of runs.toSorted((a, b) => width(b.head) - width(a.head))) {
      if (kept.some((wider) => contains(wider.head, run.head))) {
        run.close()
        await rm(run.path, { force: true })
      } else kept.push(run)
    }
    this.#runs = kept.toSorted((a, b) => a.head.first - b.head.first)
  }

  /** Whether the ids of these records are in a run. */
  covers(range: Range): boolean {
    return this.#runs.some((run) => contains(run.head, range))
  }

  /** Whether a closed segment's record has this id. The open segment's table is the caller's. */
  has(id: IdHash): boolean {
    for (const { table } of this.#tables) if (table.has(id)) return true
    for (let at = this.#runs.length - 1; at >= 0; at--) if (this.#runs[at]?.has(id)) return true
    return false
  }

  /** Takes over the table of a segment that was closed; its records are durable. */
  addTable(first: Position, last: Position, table: IdTable): void {
    this.#tables = [...this.#tables, { first, last, table }]
  }

  /** Writes the run of the oldest closed table; false if there is none. */
  async writeRun(): Promise<boolean> {
    const oldest = this.#tables[0]
    if (oldest === undefined) return false
    const { first, last, table } = oldest
    const run = await this.#createRun({ first, last }, 0, table.count, (writer) =>
      writer.write(sortEntries(table.entries())),
    )
    this.#runs = [...this.#runs, run].toSorted((a, b) => a.head.first - b.head.first)
    this.#tables = this.#tables.filter((closed) => closed !== oldest)
    return true
  }

  /** Merges the first `fanIn` neighbouring runs of one level; false if there are none. Throws when `signal` aborts it. */
  async mergeRuns(signal?: AbortSignal): Promise<boolean> {
    const parts = this.#mergeable()
    const first = parts[0]?.head
    const last = parts.at(-1)?.head
    if (first === undefined || last === undefined) return false
    const count = parts.reduce((sum, part) => sum + part.head.count, 0)
    const range = { first: first.first, last: last.last }
    const merged = await this.#createRun(range, first.level + 1, count, (writer) =>
      mergeRuns(parts, writer, signal),
    )
    this.#runs = this.#runs.flatMap((run) => {
      if (run === parts[0]) return [merged]
      return parts.includes(run) ? [] : [run]
    })
    for (const part of parts) {
      part.close()
      await rm(part.path, { force: true })
    }
    return true
  }

  close(): void {
    for (const run of this.#runs) run.close()
    this.#runs = []
    this.#tables = []
  }

  #mergeable(): readonly IdRun[] {
    for (let end = this.#fanIn; end <= this.#runs.length; end++) {
      const parts = this.#runs.slice(end - this.#fanIn, end)
      const level = parts[0]?.head.level
      if (parts.every((part) => part.head.level === level) && adjoin(parts)) return parts
    }
    return []
  }

  async #createRun(
    { first, last }: Range,
    level: number,
    countMax: number,
    fill: (writer: RunWriter) => Promise<void>,
  ): Promise<IdRun> {
    const path = join(this.#directory, fileName('ids', first, last))
    await replaceFile(path, async (draft) => {
      const writer = await RunWriter.create(draft, countMax)
      try {
        await fill(writer)
        await writer.finish(first, last, level)
      } finally {
        await writer.close()
      }
    })
    return openRun(path)
  }
}

/** Only neighbours are merged: a run must not claim the records of a segment that still waits for its own. */
function adjoin(runs: readonly IdRun[]): boolean {
  return runs.every((run, at) => at === 0 || run.head.first - 1 === runs[at - 1]?.head.last)
}

function width({ first, last }: Range): number {
  return last - first
}

function contains(wide: Range, narrow: Range): boolean {
  return wide.first <= narrow.first && wide.last >= narrow.last
}
