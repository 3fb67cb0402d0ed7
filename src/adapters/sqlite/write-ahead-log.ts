// Keeps the write-ahead log small. SQLite copies it into the database by itself, but starts it anew only when it meets
// no reader; beside a busy one that is rare. Invariant: a commit that was made does not fail by what is done here.

import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

export interface WriteAheadLog {
  /** To be called after each commit. */
  bound(): void
}

/** How long the readers of the moment are waited for. */
const READERS_WAIT_MS = 100

/** Of the database at `path`: started anew once it has more than `bytesMax`, if its readers let go of it in time. */
export function writeAheadLog(
  database: DatabaseSync,
  path: string,
  limits: { readonly bytesMax: number; readonly lockWaitMs: number },
): WriteAheadLog {
  const { bytesMax, lockWaitMs } = limits
  let bytesNext = bytesMax
  const bytes = (): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  return {
    bound: () => {
      if (bytes() <= bytesNext) return
      try {
        database.exec(`PRAGMA busy_timeout = ${READERS_WAIT_MS}; PRAGMA wal_checkpoint(TRUNCATE)`)
      } catch {
        // A full disk, say: whoever writes next will be told.
      }
      database.exec(`PRAGMA busy_timeout = ${lockWaitMs}`)
      // For a reader that stays not every commit shall wait.
      bytesNext = Math.max(bytesMax, 2 * bytes())
    },
  }
}
