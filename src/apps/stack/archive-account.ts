// The archive of an account: its shared log into the log of its data directory, which a batch reads.
// Invariant: one archive an account; its log is locked while it runs.

import { openFileLog } from '../../adapters/file-log/index.ts'
import { archiveLog, type ArchivedBatch } from '../../flows/archive-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { inTurn, type OpenOptions } from '../account/opening.ts'
import { readArchived, writeArchived } from './archived-file.ts'
import { beginShared, openSharedLog, pauseAfterFailure } from './open-stack.ts'

export interface ArchiverOptions extends OpenOptions {
  /** It is open, and begins. */
  readonly ready: () => void
  readonly told: (batch: ArchivedBatch) => void
  /** Told why it begins anew. */
  readonly failed: (failure: StoreError) => void
}

/**
 * Goes on until it is told to stop; when log or archive fail for a while, it begins anew.
 * @throws {StoreError} that trying again does not help, or when they cannot be opened the first time, as where another
 * process archives @throws {UserError}
 */
export async function archiveAccount(
  directory: string,
  options: ArchiverOptions,
  signal: AbortSignal,
): Promise<void> {
  const so = { wasReady: false, tries: 0 }
  const ready = (): void => {
    if (!so.wasReady) options.ready()
    so.wasReady = true
  }
  const told = (batch: ArchivedBatch): void => {
    so.tries = 0
    options.told(batch)
  }
  while (!signal.aborted) {
    try {
      await archiveOn(directory, { ...options, ready, told }, signal)
    } catch (cause) {
      if (!so.wasReady || !(cause instanceof StoreError) || !cause.retryable) throw cause
      options.failed(cause)
      so.tries++
      await pauseAfterFailure(so.tries)
    }
  }
}

async function archiveOn(
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
    options.ready()
    await archiveLog(
      { reading, log, archived, note, now: () => Date.now(), told: options.told },
      signal,
    )
  } finally {
    await inTurn(closing)
  }
}
