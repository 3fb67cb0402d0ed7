// The epoch of a store's feed, renewed by the first writer that cannot vouch for what was told before.
// Invariant: whoever opens the same file again under the same start of the machine finds the same epoch.

import { readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

/** Linux has another one after each start of the machine. */
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'

/** Empty where the system does not tell. */
export function bootId(): string {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim()
  } catch {
    return ''
  }
}

/**
 * To be called by whoever opens to write. When the machine went down it may have taken back latest commits that were told
 * already. `boot`: which start of the machine this is; empty: nobody knows, nothing is renewed.
 */
export function renewEpoch(database: DatabaseSync, boot: string): void {
  if (boot === '') return
  database
    .prepare(
      `UPDATE epoch SET boot = ?1, name = CASE WHEN boot IS NULL THEN name ELSE lower(hex(randomblob(5))) END
       WHERE boot IS NOT ?1`,
    )
    .run(boot)
}
