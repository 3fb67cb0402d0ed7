// The archive of an account: its shared log into the log of its data directory, which a batch reads.
// Invariant: one archive an account; its log is locked while it runs.

import { openFileLog } from '../../adapters/file-log/index.ts'
import { archiveLog, type ArchivedBatch } from '../../flows/archive-log.ts'
import { inTurn, type OpenOptions } from '../account/opening.ts'
import { readArchived, writeArchived } from './archived-file.ts'
import { beginShared, openSharedLog } from './open-stack.ts'

export interface ArchiverOptions extends OpenOptions {
  readonly told: (batch: ArchivedBatch) => void
}

/** @throws {StoreError} when log or archive fail, or another process archives @throws {UserError} */
export async function archiveAccount(
  directory: string,
  options: ArchiverOptions,
  signal: AbortSignal,
): Promise<void> {
  const { stack, layout, name, extraction } = await beginShared(directory, options)
  const closing: (() => Promise<void>)[] = []
  try {
    const log = await openFileLog(layout.logDirectory, { account: name })
    closing.unshift(() => log.close())
    const archived = await readArchived(layout.archivedFile)
    const shared = await openSharedLog(stack, name, extraction)
    closing.unshift(() => shared.close())
    const startAt = (source: string) => Promise.resolve(archived.sources[source] ?? 0)
    const reading = await shared.readAll({ startAt })
    closing.unshift(() => reading.close())
    const note = (progress: typeof archived): Promise<void> =>
      writeArchived(layout.archivedFile, progress)
    await archiveLog(
      { reading, log, archived, note, now: () => Date.now(), told: options.told },
      signal,
    )
  } finally {
    await inTurn(closing)
  }
}
