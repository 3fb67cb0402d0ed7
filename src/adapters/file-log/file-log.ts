// The embedded event log: one directory an account, one writer. Appended to as text, sealed into Parquet behind.
// Invariant: what is acknowledged is on disk, once, in one order, and stays so through kill -9 and a full disk.

import { access, constants, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Identifier } from '../../core/identifier/identifier.ts'
import type {
  Appended,
  EventLog,
  LogRecord,
  Place,
  Position,
  StoredMessage,
  StoredRecord,
} from '../../ports/event-log.ts'
import type { ColumnarLog, ColumnsAsked, LogColumns } from '../../ports/columnar-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { AppendQueue } from './append-queue.ts'
import { listFiles, makeDirectory, prepareFormat, VERSIONS } from './directory.ts'
import { withStoreErrors } from './failures.ts'
import { IdTable, hashId } from './id-table.ts'
import { KnownIds } from './known-ids.ts'
import { settingsOf, type FileLogOptions, type FileLogSettings } from './limits.ts'
import { lockDirectory } from './lock.ts'
import { LogView, type Segment, type SegmentList } from './log-view.ts'
import { OpenSegment, readClosedIds } from './open-segment.ts'
import { RecordReader } from './record-columns.ts'
import { seal } from './seal.ts'
import { SealedCursor } from './sealed-segment.ts'
import { logColumns } from './segment-columns.ts'
import { segmentsOf, type Listed } from './segments.ts'
import { Upkeep } from './upkeep.ts'

export interface FileLog extends EventLog, ColumnarLog {
  /**
   * Resolves when all closed segments are sealed. Not needed by anybody who just closes the log: what is left is done
   * when it is opened again.
   * @throws StoreError of the work that could not be done
   */
  settle(): Promise<void>
}

/**
 * Opens the log in `directory` for writing, or makes one. Repairs what a killed writer left.
 * @throws StoreError `locked`, `newer_version`, `corrupt`, `read_only`, `full` or `unavailable`
 */
export async function openFileLog(directory: string, options: FileLogOptions): Promise<FileLog> {
  const path = resolve(directory)
  const settings = settingsOf(options)
  return withStoreErrors(path, async () => {
    await makeDirectory(path)
    await access(path, constants.W_OK)
    const unlock = await lockDirectory(path)
    try {
      await prepareFormat(path, settings.account, VERSIONS)
      return await recover(path, settings, unlock)
    } catch (cause) {
      await unlock()
      throw cause
    }
  })
}

/** Finds out what the directory holds and brings it to order. */
async function recover(
  directory: string,
  settings: FileLogSettings,
  unlock: () => Promise<void>,
): Promise<FileLog> {
  const { files, drafts } = await listFiles(directory)
  const listed = segmentsOf(directory, files)
  for (const path of [...drafts, ...listed.leftovers]) await rm(path, { force: true })
  const known = new KnownIds(directory, settings.runsMergedAtOnce)
  let open: OpenSegment | null = null
  try {
    const runs = files.filter(({ kind }) => kind === 'ids')
    await known.openRuns(runs.map(({ path }) => path))
    for (const segment of listed.closed) {
      if (known.covers(segment)) continue
      const ids = segment.sealed
        ? await readSealedIds(segment, settings)
        : await readClosedIds(segment)
      known.addTable(segment.first, segment.last, ids)
      // At once, lest many lost runs fill the memory; if it fails it is tried again behind appending.
      if (segment.sealed) await known.writeRun().catch(() => false)
    }
    open = new OpenSegment(directory, listed.open?.first ?? (listed.closed.at(-1)?.last ?? 0) + 1)
    const next = listed.open === null ? open.first : await open.recover()
    return new DirectoryLog({ directory, settings, listed, known, open, next, unlock })
  } catch (cause) {
    known.close()
    await open?.close()
    throw cause
  }
}

/** Only when a run was lost: the ids of a sealed segment, from its records. */
async function readSealedIds(segment: Segment, settings: FileLogSettings): Promise<IdTable> {
  const ids = new IdTable()
  const hash = new Uint32Array(4)
  const reader = new RecordReader(settings.account)
  const cursor = await SealedCursor.open(segment.path, segment.first, reader, settings.duckdb)
  try {
    while (cursor.next <= segment.last) {
      for (const record of await cursor.page(1000)) {
        hashId(record.kind, record.kind === 'message' ? record.fact.id : record.id, hash)
        ids.add(hash)
      }
    }
  } finally {
    await cursor.close()
  }
  return ids
}

interface Recovered {
  readonly directory: string
  readonly settings: FileLogSettings
  readonly listed: Listed
  readonly known: KnownIds
  readonly open: OpenSegment
  readonly next: Position
  readonly unlock: () => Promise<void>
}

class DirectoryLog implements FileLog, SegmentList {
  readonly #directory: string
  readonly #settings: FileLogSettings
  readonly #known: KnownIds
  readonly #queue: AppendQueue
  readonly #view: LogView
  readonly #upkeep: Upkeep
  readonly #unlock: () => Promise<void>
  /** Text segments that cannot be sealed, since they are damaged. */
  readonly #damaged = new Set<string>()
  #closed: readonly Segment[]
  #closing: Promise<void> | null = null

  constructor({ directory, settings, listed, known, open, next, unlock }: Recovered) {
    this.#directory = directory
    this.#settings = settings
    this.#known = known
    this.#closed = listed.closed
    this.#unlock = unlock
    const { account, append: limits } = settings
    const hasId = this.#known.has.bind(this.#known)
    const onClosed = this.#onClosed.bind(this)
    this.#queue = new AppendQueue({ directory, account, limits, hasId, onClosed }, open, next)
    this.#view = new LogView(this, account, settings.duckdb)
    const tasks = [
      () => known.writeRun(),
      (signal: AbortSignal) => known.mergeRuns(signal),
      (signal: AbortSignal) => this.#sealOldest(signal),
    ]
    this.#upkeep = new Upkeep(directory, tasks, settings.onTrouble)
    this.#upkeep.wake()
  }

  get segments(): readonly Segment[] {
    const { exists, first, path, marks } = this.#queue.active
    if (!exists) return this.#closed
    return [...this.#closed, { sealed: false, first, last: this.#queue.end, path, marks }]
  }

  end(): Position {
    return this.#queue.end
  }

  async refresh(): Promise<void> {
    // The list is always what the files are.
  }

  async append(records: readonly LogRecord[]): Promise<Appended> {
    this.#assertOpen()
    return withStoreErrors(this.#directory, () => this.#queue.append(records))
  }

  async read(from: Position, limit: number): Promise<readonly StoredRecord[]> {
    this.#assertOpen()
    return withStoreErrors(this.#directory, () => this.#view.read(from, limit))
  }

  async messagesOf(
    identifiers: readonly Identifier[],
    limit: number,
    before?: Place,
  ): Promise<readonly StoredMessage[]> {
    this.#assertOpen()
    return withStoreErrors(this.#directory, () => this.#view.messagesOf(identifiers, limit, before))
  }

  async columns(asked: ColumnsAsked): Promise<readonly LogColumns[]> {
    this.#assertOpen()
    const { account, append, duckdb: limits } = this.#settings
    const options = { account, recordBytesMax: append.recordBytesMax, limits }
    return withStoreErrors(this.#directory, () => logColumns(this, asked, options))
  }

  async settle(): Promise<void> {
    this.#assertOpen()
    await this.#upkeep.settle()
  }

  async close(): Promise<void> {
    this.#closing ??= withStoreErrors(this.#directory, () => this.#close())
    await this.#closing
  }

  async #close(): Promise<void> {
    try {
      await this.#queue.close()
      await this.#upkeep.stop()
      await this.#view.close()
      this.#known.close()
    } finally {
      await this.#unlock()
    }
  }

  #assertOpen(): void {
    if (this.#closing === null) return
    throw new StoreError('closed', `Event log ${this.#directory}: it was closed.`, {
      retryable: false,
    })
  }

  #onClosed({ first, path, marks, ids }: OpenSegment, last: Position): void {
    this.#known.addTable(first, last, ids)
    this.#closed = [...this.#closed, { sealed: false, first, last, path, marks }]
    this.#upkeep.wake()
  }

  async #sealOldest(signal: AbortSignal): Promise<boolean> {
    const text = this.#closed.find(({ sealed, path }) => !sealed && !this.#damaged.has(path))
    if (text === undefined) return false
    const { account, append, duckdb: limits } = this.#settings
    const { recordBytesMax } = append
    const directory = this.#directory
    try {
      const segment = await seal(text, { directory, account, recordBytesMax, limits, signal })
      this.#closed = this.#closed.map((closed) => (closed === text ? segment : closed))
    } catch (cause) {
      if (cause instanceof StoreError && cause.code === 'corrupt') this.#damaged.add(text.path)
      throw cause
    }
    await rm(text.path, { force: true })
    return true
  }
}
