// The same log read by another process while a writer runs: takes no lock and changes nothing.
// Invariant: shows whole records only, in order; the last write may be seen a moment before it is acknowledged.

import { open, type FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Identifier } from '../../core/identifier/identifier.ts'
import type {
  EventLog,
  Place,
  Position,
  StoredMessage,
  StoredRecord,
} from '../../ports/event-log.ts'
import type { ColumnarLog, ColumnsAsked, LogColumns } from '../../ports/columnar-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { listFiles, readFormat, VERSIONS } from './directory.ts'
import { codeOf, withStoreErrors } from './failures.ts'
import { type FileLogOptions, type FileLogSettings, settingsOf } from './limits.ts'
import { LogView, type Segment, type SegmentList, type TextSegment } from './log-view.ts'
import { logColumns } from './segment-columns.ts'
import { segmentsOf, type Listed } from './segments.ts'
import { Marks, scanLines } from './text-segment.ts'

export interface FileLogReader
  extends Pick<EventLog, 'read' | 'messagesOf' | 'end' | 'close'>, ColumnarLog {
  /** Looks for what was written since; `read` does so by itself when it comes to the end. */
  refresh(): Promise<void>
}

/**
 * Opens the log in `directory` for reading.
 * @throws StoreError `unavailable` where there is no log, `newer_version`, `corrupt`
 */
export async function openFileLogReader(
  directory: string,
  options: Pick<FileLogOptions, 'duckdbMemoryMegabytesMax'> = {},
): Promise<FileLogReader> {
  const path = resolve(directory)
  return withStoreErrors(path, async () => {
    const format = await readFormat(path, VERSIONS)
    if (format === null || format.version < VERSIONS.current) {
      const what = format === null ? 'holds no event log' : 'has an older format; write to it once'
      throw new StoreError('unavailable', `${path} ${what}.`, { retryable: false })
    }
    const settings = settingsOf({ ...options, account: format.account })
    const reader = new DirectoryReader(path, settings)
    await reader.refresh()
    return reader
  })
}

/** How often the files are listed again when a segment seems to be missing: it may be about to get another name. */
const ATTEMPTS_MAX = 5

/** How far the open segment was read. */
interface Tail extends TextSegment {
  readonly offset: number
}

class DirectoryReader implements FileLogReader, SegmentList {
  readonly #directory: string
  readonly #settings: FileLogSettings
  readonly #view: LogView
  #closed: readonly Segment[] = []
  #tail: Tail | null = null

  constructor(directory: string, settings: FileLogSettings) {
    this.#directory = directory
    this.#settings = settings
    this.#view = new LogView(this, settings.account, settings.duckdb)
  }

  get segments(): readonly Segment[] {
    return this.#tail === null ? this.#closed : [...this.#closed, this.#tail]
  }

  end(): Position {
    return this.segments.at(-1)?.last ?? 0
  }

  async refresh(): Promise<void> {
    return withStoreErrors(this.#directory, () => this.#refresh())
  }

  async read(from: Position, limit: number): Promise<readonly StoredRecord[]> {
    return withStoreErrors(this.#directory, async () => {
      if (from + limit - 1 > this.end()) await this.#refresh()
      return this.#view.read(from, limit)
    })
  }

  async messagesOf(
    identifiers: readonly Identifier[],
    limit: number,
    before?: Place,
  ): Promise<readonly StoredMessage[]> {
    return withStoreErrors(this.#directory, async () => {
      await this.#refresh()
      return this.#view.messagesOf(identifiers, limit, before)
    })
  }

  async columns(asked: ColumnsAsked): Promise<readonly LogColumns[]> {
    const { account, append, duckdb: limits } = this.#settings
    const options = { account, recordBytesMax: append.recordBytesMax, limits }
    return withStoreErrors(this.#directory, async () => {
      for (let attempt = 1; ; attempt++) {
        await this.#refresh()
        try {
          return await logColumns(this, asked, options)
        } catch (cause) {
          if (!isPassing(cause) || attempt === ATTEMPTS_MAX) throw cause
        }
      }
    })
  }

  async close(): Promise<void> {
    await this.#view.close()
  }

  async #refresh(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const listed = segmentsOf(this.#directory, (await listFiles(this.#directory)).files)
        const tail = await this.#readTail(listed.open)
        this.#closed = this.#withMarks(listed.closed)
        this.#tail = tail
        return
      } catch (cause) {
        if (!isPassing(cause) || attempt === ATTEMPTS_MAX) throw cause
      }
    }
  }

  /** Text segments that were known keep the marks they have got. */
  #withMarks(closed: readonly Segment[]): readonly Segment[] {
    const marks = new Map(
      this.segments.flatMap((known) => (known.sealed ? [] : [[known.path, known.marks] as const])),
    )
    return closed.map((segment) =>
      segment.sealed ? segment : { ...segment, marks: marks.get(segment.path) ?? segment.marks },
    )
  }

  async #readTail(listed: Listed['open']): Promise<Tail | null> {
    if (listed === null) return null
    const known = this.#tail?.path === listed.path ? this.#tail : null
    const { path, first } = listed
    const file = await open(path, 'r')
    try {
      const start: Tail = {
        sealed: false,
        path,
        first,
        last: first - 1,
        marks: new Marks(),
        offset: 0,
      }
      if (known === null) return await scanTail(file, start)
      const tail = await scanTail(file, known)
      // A writer that had run out of space has cut its last write off and written another one in its place.
      const { size } = await file.stat()
      return size < known.offset || (tail.offset === known.offset && tail.offset < size)
        ? await scanTail(file, start)
        : tail
    } finally {
      await file.close()
    }
  }
}

async function scanTail(file: FileHandle, tail: Tail): Promise<Tail> {
  const range = { next: tail.last + 1, offset: tail.offset, to: Number.POSITIVE_INFINITY }
  const end = await scanLines(file, range, (_bytes, line, offset) => {
    tail.marks.note(line.position, offset)
    return true
  })
  return { ...tail, last: end.next - 1, offset: end.offset }
}

/** A file was replaced by another between listing and opening it, or while the files were being listed. */
function isPassing(cause: unknown): boolean {
  return codeOf(cause) === 'ENOENT' || (cause instanceof StoreError && cause.code === 'corrupt')
}
