// The segment that is being written. Counts run ahead of what is durable; after a failure they fall back to it, and
// the file is cut before it is written to again. Invariant: behind `durableBytes` there is nothing acknowledged.

import { constants, fstatSync } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Position } from '../../ports/event-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import { fileName, syncDirectory } from './directory.ts'
import { damaged } from './failures.ts'
import { ENTRY_WORDS, hashId, IdTable } from './id-table.ts'
import { idOf } from './line.ts'
import { isDamage, Marks, scanLines, type ClosedText, type ScanEnd } from './text-segment.ts'

/**
 * Under Linux a write is durable when it returns: one way to a thread of the disk instead of two, which a message that
 * comes alone feels. Elsewhere the flag promises less than a sync, so it is synced.
 */
const WRITTEN_IS_DURABLE = process.platform === 'linux'
const DURABLY = WRITTEN_IS_DURABLE ? constants.O_DSYNC : 0

export class OpenSegment {
  readonly first: Position
  readonly directory: string
  readonly path: string
  readonly ids = new IdTable()
  readonly marks = new Marks()
  /** Of lines made, written or not yet. */
  bytes = 0
  durableBytes = 0
  #file: FileHandle | null = null
  /** Something may stand behind `durableBytes`. */
  #torn = false

  constructor(directory: string, first: Position) {
    this.directory = directory
    this.first = first
    this.path = join(directory, fileName('tsv', first))
  }

  /** Whether its file is there. */
  get exists(): boolean {
    return this.#file !== null
  }

  /** Creates the file, durably. */
  async create(): Promise<void> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | DURABLY
    const file = await open(this.path, flags, 0o600)
    try {
      await syncDirectory(this.directory)
    } catch (cause) {
      await file.close()
      await rm(this.path, { force: true })
      throw cause
    }
    this.#file = file
  }

  /**
   * Opens the last segment of a log that was closed or killed: reads its ids, cuts a torn tail off, and makes durable
   * what a killed writer had written whole but not yet synced. Returns the next position.
   * @throws StoreError `corrupt` when acknowledged records follow a damaged one
   */
  async recover(): Promise<Position> {
    const file = await open(this.path, constants.O_RDWR | DURABLY)
    this.#file = file
    const end = await readIds(file, this.first, this.ids, this.marks)
    if (end.bad && (await isDamage(file, end))) throw damaged(this.path, end)
    this.bytes = end.offset
    this.durableBytes = end.offset
    await file.truncate(end.offset)
    await file.datasync()
    return end.next
  }

  /** Writes behind what is durable and makes it durable too. */
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    const file = this.#file
    if (file === null) throw new Error(`${this.path} was not created`)
    await this.repair()
    this.#torn = true
    let end = this.durableBytes
    for (const chunk of chunks) {
      for (let done = 0; done < chunk.length;) {
        const { bytesWritten } = await file.write(chunk, done, chunk.length - done, end)
        done += bytesWritten
        end += bytesWritten
      }
    }
    if (!WRITTEN_IS_DURABLE) await file.datasync()
    // The system lets a removed file be written to; nothing of that must be acknowledged.
    if (fstatSync(file.fd).nlink === 0) {
      throw new StoreError(
        'unavailable',
        `Event log ${this.directory}: the directory was removed. Put it back from a backup and start again.`,
        { retryable: false },
      )
    }
    this.durableBytes = end
    this.#torn = false
  }

  /** Cuts off what a failed write left. */
  async repair(): Promise<void> {
    if (!this.#torn || this.#file === null) return
    await this.#file.truncate(this.durableBytes)
    this.#torn = false
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = null
  }
}

/**
 * The ids of a closed text segment.
 * @throws StoreError `corrupt` when a record is damaged or missing
 */
export async function readClosedIds(text: ClosedText): Promise<IdTable> {
  const ids = new IdTable()
  const file = await open(text.path, 'r')
  try {
    const end = await readIds(file, text.first, ids, new Marks())
    if (end.bad || end.next !== text.last + 1) throw damaged(text.path, end)
  } finally {
    await file.close()
  }
  return ids
}

function readIds(file: FileHandle, first: Position, ids: IdTable, marks: Marks): Promise<ScanEnd> {
  const hash = new Uint32Array(ENTRY_WORDS)
  const range = { next: first, offset: 0, to: Number.POSITIVE_INFINITY }
  return scanLines(file, range, (bytes, line, offset) => {
    const { kind, id } = idOf(bytes, line)
    hashId(kind, id, hash)
    ids.add(hash)
    marks.note(line.position, offset)
    return true
  })
}
