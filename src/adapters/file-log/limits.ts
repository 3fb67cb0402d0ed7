// The numbers of an event log, in one place. None of them changes what the log says; they trade memory, latency and
// the number of files.

import type { StoreError } from '../../ports/store-error.ts'
import type { AppendLimits } from './append-queue.ts'
import type { DuckDBLimits } from './duckdb.ts'

const MEBIBYTE = 1 << 20

/** Every number has a default that suits a log of millions of records. */
export interface FileLogOptions extends Partial<AppendLimits> {
  /** Whose log it is: one log an account. */
  readonly account: string
  /** So many neighbouring runs of ids become one. */
  readonly runsMergedAtOnce?: number
  /** Of DuckDB, which seals segments and searches sealed ones. The first log of a process decides. */
  readonly duckdbMemoryMegabytesMax?: number
  /** Told what went wrong behind appending (sealing, merging); it is tried again by itself. */
  readonly onTrouble?: (error: StoreError) => void
}

export interface FileLogSettings {
  readonly account: string
  readonly append: AppendLimits
  readonly runsMergedAtOnce: number
  readonly duckdb: DuckDBLimits
  readonly onTrouble: (error: StoreError) => void
}

export function settingsOf(options: FileLogOptions): FileLogSettings {
  return {
    account: options.account,
    append: {
      segmentBytesMax: options.segmentBytesMax ?? 32 * MEBIBYTE,
      segmentRecordsMax: options.segmentRecordsMax ?? 200_000,
      recordBytesMax: options.recordBytesMax ?? 2 * MEBIBYTE,
    },
    runsMergedAtOnce: options.runsMergedAtOnce ?? 8,
    duckdb: duckdbLimitsOf(options),
    onTrouble: options.onTrouble ?? (() => undefined),
  }
}

export function duckdbLimitsOf(
  options: Pick<FileLogOptions, 'duckdbMemoryMegabytesMax'>,
): DuckDBLimits {
  return { memoryMegabytesMax: options.duckdbMemoryMegabytesMax ?? 256 }
}
