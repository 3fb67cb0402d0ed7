// One writer a directory. The lock is SQLite's lock on a file: the system drops it with the process, however it ends.

import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../ports/store-error.ts'
import { codeOf } from './failures.ts'

const LOCK_FILE = 'lock.sqlite'
const HOLDER_FILE = 'writer.pid'

/**
 * Takes the directory's lock and returns what gives it back.
 * @throws StoreError `locked`, naming the process that holds it if that is known.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, LOCK_FILE)
  // Created here for a plain error code, and only when missing: closing a second descriptor of the file would drop the
  // lock of another log in this process.
  if ((await stat(path).catch(() => null)) === null) {
    await writeFile(path, '', { flag: 'a', mode: 0o600 })
  }
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    // Nothing is ever written to it; without a journal on disk the lock can be had on a full one, too.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    if (!isBusy(cause)) throw cause
    const holder = await readFile(join(directory, HOLDER_FILE), 'utf8').catch(() => '')
    const who = /^\d+\s*$/.test(holder) ? `process ${holder.trim()}` : 'another process'
    throw new StoreError(
      'locked',
      `Event log ${directory}: ${who} writes to it. Stop that process, or let it do the work.`,
      { retryable: false, cause },
    )
  }
  const holderPath = join(directory, HOLDER_FILE)
  await writeFile(holderPath, `${process.pid}\n`, { mode: 0o600 }).catch((cause: unknown) => {
    // Only for the message of a second writer: a full disk must not keep the log from being opened and read.
    if (codeOf(cause) === 'ENOSPC') return
    database.close()
    throw cause
  })
  return async () => {
    await rm(holderPath, { force: true }).catch(() => undefined)
    database.close()
  }
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === 5
}
