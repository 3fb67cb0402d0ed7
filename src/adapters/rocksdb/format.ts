// Which format a directory has, and the epoch of its feed.
// Invariant: whoever opens the same directory again finds the same epoch, unless latest commits may have been lost.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { StoreError } from '../../ports/store-error.ts'
import type { Database } from './database.ts'
import { byText } from './keys.ts'
import { jsonValue } from './rows.ts'

/** Counts what would make an older program misread the rows. */
const FORMAT = 1
const ROW = byText('meta', 'format')
const EPOCH_BYTES = 5
/** Linux has another one after each start of the machine. */
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'

interface Format {
  readonly format: number
  readonly epoch: string
  /** The start of the machine under which commits were answered before they were on disk; null: under none. */
  readonly unsynced: string | null
}

/** Empty where the system does not tell. */
export function bootId(): string {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim()
  } catch {
    return ''
  }
}

/**
 * The epoch. Marks a directory that is new, and one whose latest commits the machine may have taken back when it went
 * down. Throws a StoreError: `newer_version`, `corrupt` for a directory that holds something else.
 */
export function readEpoch(
  database: Database,
  directory: string,
  synced: boolean,
  boot: string,
): string {
  const found = readFormat(database, directory)
  const mayHaveLost = found !== null && found.unsynced !== null && found.unsynced !== boot
  const epoch =
    found === null || mayHaveLost ? randomBytes(EPOCH_BYTES).toString('hex') : found.epoch
  const unsynced = synced ? null : boot
  if (found?.epoch !== epoch || found.unsynced !== unsynced)
    database.write([[ROW, jsonValue({ format: FORMAT, epoch, unsynced } satisfies Format)]])
  return epoch
}

function readFormat(database: Database, directory: string): Format | null {
  const value = database.get(ROW)
  if (value === undefined) {
    const isEmpty = database.range(Buffer.of(0), { to: Buffer.of(0xff), limit: 1 }).length === 0
    if (isEmpty) return null
    const message = `${directory} holds a RocksDB database that is no graph of ours`
    throw new StoreError('corrupt', message, { retryable: false })
  }
  const found = JSON.parse(value.toString()) as Format
  if (found.format > FORMAT) {
    const message = `the graph in ${directory} was written by a newer version of Selfsame (format ${found.format}, here ${FORMAT})`
    throw new StoreError('newer_version', message, { retryable: false })
  }
  return found
}
