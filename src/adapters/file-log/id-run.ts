// The ids of closed segments: a sorted, immutable file of 16 bytes an entry, asked through a Bloom filter in memory and
// then by reading one page. Layout: a page of JSON (the head), the entries, the first word of every page, the filter.

import { closeSync, openSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Position } from '../../ports/event-log.ts'
import { addToBloom, emptyBloom, mayHave } from './bloom.ts'
import { corrupt } from './failures.ts'
import { ENTRY_BYTES, ENTRY_WORDS, isBefore, type IdHash } from './id-table.ts'

const HEAD_BYTES = 4096
const PAGE_BYTES = 4096
const PAGE_ENTRIES = PAGE_BYTES / ENTRY_BYTES

/** What a run says of itself; positions are of the records whose ids it holds, both inclusive. */
export interface RunHead {
  readonly run: 1
  readonly first: Position
  readonly last: Position
  /** 0 for the run of one segment; one more than its parts for a merged one. */
  readonly level: number
  readonly count: number
  readonly entriesCrc: number
  /** Of the page words and the filter, which are kept in memory. */
  readonly tailCrc: number
}

/** An open run. `has` reads at most a page or two, synchronously, as a rule from the page cache. */
export interface IdRun {
  readonly path: string
  readonly head: RunHead
  has(id: IdHash): boolean
  close(): void
}

/** Writes the entries of a run, given in ascending order, to a new file. */
export class RunWriter {
  readonly #file: FileHandle
  readonly #bloom: Uint32Array
  readonly #pageWords: Uint32Array
  #count = 0
  #crc = 0

  private constructor(file: FileHandle, countMax: number) {
    this.#file = file
    this.#bloom = emptyBloom(countMax)
    this.#pageWords = new Uint32Array(Math.ceil(countMax / PAGE_ENTRIES))
  }

  static async create(path: string, countMax: number): Promise<RunWriter> {
    return new RunWriter(await open(path, 'w', 0o600), countMax)
  }

  /** Appends entries; they must follow what was written before. */
  async write(entries: Uint32Array): Promise<void> {
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      if (this.#count % PAGE_ENTRIES === 0) {
        this.#pageWords[this.#count / PAGE_ENTRIES] = entries[at] ?? 0
      }
      addToBloom(this.#bloom, entries, at)
      this.#count += 1
    }
    const bytes = bytesOf(entries)
    const offset = HEAD_BYTES + this.#count * ENTRY_BYTES - bytes.length
    this.#crc = crc32(bytes, this.#crc)
    await writeAll(this.#file, bytes, offset)
  }

  /** Completes the file and makes it durable. */
  async finish(first: Position, last: Position, level: number): Promise<void> {
    const pages = this.#pageWords.subarray(0, Math.ceil(this.#count / PAGE_ENTRIES))
    const tail = [bytesOf(pages), bytesOf(this.#bloom)]
    let offset = HEAD_BYTES + this.#count * ENTRY_BYTES
    let tailCrc = 0
    for (const bytes of tail) {
      await writeAll(this.#file, bytes, offset)
      offset += bytes.length
      tailCrc = crc32(bytes, tailCrc)
    }
    const head: RunHead = {
      run: 1,
      first,
      last,
      level,
      count: this.#count,
      entriesCrc: this.#crc,
      tailCrc,
    }
    const text = Buffer.alloc(HEAD_BYTES, ' ')
    text.write(`${JSON.stringify(head)}\n`)
    await writeAll(this.#file, text, 0)
    await this.#file.sync()
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/**
 * Opens a run: reads its head, page words and filter (about 1.5 bytes an entry).
 * @throws StoreError `corrupt` when the file is not what was written.
 */
export async function openRun(path: string): Promise<IdRun> {
  const file = await open(path, 'r')
  try {
    const head = await readHead(file, path)
    const tailAt = HEAD_BYTES + head.count * ENTRY_BYTES
    const tail = new Uint8Array(Math.max(0, (await file.stat()).size - tailAt))
    await readAll(file, tail, tailAt)
    if (crc32(tail) !== head.tailCrc) throw corrupt(path, 'its index is damaged')
    const pages = Math.ceil(head.count / PAGE_ENTRIES)
    const words = new Uint32Array(tail.buffer)
    return new OpenRun(path, head, words.subarray(0, pages), words.subarray(pages))
  } finally {
    await file.close()
  }
}

class OpenRun implements IdRun {
  readonly path: string
  readonly head: RunHead
  readonly #pageWords: Uint32Array
  readonly #bloom: Uint32Array
  readonly #fd: number
  readonly #page = new Uint32Array((2 * PAGE_BYTES) / 4)

  constructor(path: string, head: RunHead, pageWords: Uint32Array, bloom: Uint32Array) {
    this.path = path
    this.head = head
    this.#pageWords = pageWords
    this.#bloom = bloom
    this.#fd = openSync(path, 'r')
  }

  has(id: IdHash): boolean {
    if (!mayHave(this.#bloom, id)) return false
    // An entry stands in the last page that starts below it, or in one that starts with the same word.
    const word = id[0] ?? 0
    const from = Math.max(0, this.#pagesBelow(word) - 1)
    const to = Math.max(from, this.#pagesBelow(word + 1) - 1)
    for (let page = from; page <= to; page++) if (this.#pageHas(page, id)) return true
    return false
  }

  close(): void {
    closeSync(this.#fd)
  }

  /** How many pages start below `word`. */
  #pagesBelow(word: number): number {
    let low = 0
    let high = this.#pageWords.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#pageWords[middle] ?? 0) < word) low = middle + 1
      else high = middle
    }
    return low
  }

  #pageHas(page: number, id: IdHash): boolean {
    const entries = Math.min(PAGE_ENTRIES, this.head.count - page * PAGE_ENTRIES)
    const bytes = entries * ENTRY_BYTES
    if (readSync(this.#fd, this.#page, 0, bytes, HEAD_BYTES + page * PAGE_BYTES) !== bytes) {
      throw corrupt(this.path, 'it ends too early')
    }
    let low = 0
    let high = entries
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(this.#page, middle * ENTRY_WORDS, id, 0)) low = middle + 1
      else high = middle
    }
    return low < entries && !isBefore(id, 0, this.#page, low * ENTRY_WORDS)
  }
}

async function readHead(file: FileHandle, path: string): Promise<RunHead> {
  const bytes = new Uint8Array(HEAD_BYTES)
  await readAll(file, bytes, 0)
  try {
    const head = JSON.parse(Buffer.from(bytes.buffer).toString('utf8')) as Partial<RunHead>
    if (head.run === 1) return head as RunHead
  } catch {
    // Said below.
  }
  throw corrupt(path, 'its head is damaged')
}

/** The entries of a run in ascending order, `entriesMax` at a time; their checksum is compared at the end. */
export async function* entriesOf(run: IdRun, entriesMax: number): AsyncGenerator<Uint32Array> {
  const file = await open(run.path, 'r')
  try {
    let crc = 0
    for (let done = 0; done < run.head.count; done += entriesMax) {
      const entries = new Uint32Array(Math.min(entriesMax, run.head.count - done) * ENTRY_WORDS)
      const bytes = bytesOf(entries)
      await readAll(file, bytes, HEAD_BYTES + done * ENTRY_BYTES)
      crc = crc32(bytes, crc)
      yield entries
    }
    if (crc !== run.head.entriesCrc) throw corrupt(run.path, 'its entries are damaged')
  } finally {
    await file.close()
  }
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

async function readAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done)
    if (bytesRead === 0) return
    done += bytesRead
  }
}
