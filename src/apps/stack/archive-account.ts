// The archive of an account: its shared log into the log of its data directory, which a batch reads.
// Invariant: one archive an account; its log is locked while it runs.

import { openFileLog } from '../../adapters/file-log/index.ts'
import { createExtraction } from '../../core/index.ts'
import { archiveLog, type ArchivedBatch } from '../../flows/archive-log.ts'
import { sha256 } from '../account/digest.ts'
import {
  activePolicy,
  inTurn,
  meant,
  noteDifference,
  type OpenOptions,
} from '../account/opening.ts'
import { makeDirectory } from '../account/stores.ts'
import { readArchived, writeArchived } from './archived-file.ts'
import { isShared, openSharedLog } from './open-stack.ts'

export interface ArchiverOptions extends OpenOptions {
  readonly told: (batch: ArchivedBatch) => void
}

/** @throws {StoreError} when log or archive fail, or another process archives @throws {UserError} */
export async function archiveAccount(
  directory: string,
  options: ArchiverOptions,
  signal: AbortSignal,
): Promise<void> {
  const { stack } = options
  if (!isShared(stack)) throw new Error('an account that is not shared')
  const { layout, configuration, name } = await meant(directory, options)
  await makeDirectory(directory)
  const active = await activePolicy(layout, name, configuration)
  noteDifference(active, layout, options)
  const closing: (() => Promise<void>)[] = []
  try {
    const log = await openFileLog(layout.logDirectory, { account: name })
    closing.unshift(() => log.close())
    const archived = await readArchived(layout.archivedFile)
    const shared = await openSharedLog(stack, name, createExtraction(active.settings, sha256))
    closing.unshift(() => shared.close())
    const startAt = (source: string) => Promise.resolve(archived.sources[source] ?? 0)
    const reading = await shared.readAll({ startAt })
    closing.unshift(() => reading.close())
    const note = (progress: typeof archived): Promise<void> =>
      writeArchived(layout.archivedFile, progress)
    const now = (): number => Date.now()
    await archiveLog({ reading, log, archived, note, now, told: options.told }, signal)
  } finally {
    await inTurn(closing)
  }
}
