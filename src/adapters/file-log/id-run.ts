// The ids of closed segments: a sorted, immutable file of 16 bytes an entry, asked through a Bloom filter in memory and
// then by reading one page. Layout: a page of JSON (the head), the entries in pages, of every page its first word and
// then its checksum, the filter. Invariant: no answer is given from a damaged page.

import { closeSync, openSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Position } from '../../ports/event-log.ts'
import { mayHave } from './bloom.ts'
import { corrupt } from './failures.ts'
import { ENTRY_BYTES, ENTRY_WORDS, isBefore, type IdHash } from './id-table.ts'

export const HEAD_BYTES = 4096
export const PAGE_BYTES = 4096
const MADE_AGAIN = 'Stop the writer and delete the file: it is made again when the log is opened'

/** What a run says of itself; positions are of the records whose ids it holds, both inclusive. */
export interface RunHead {
  readonly run: 1
  readonly first: Position
  readonly last: Position
  /** 0 for the run of one segment; one more than its parts for a merged one. */
  readonly level: number
  readonly count: number
  /** Of what follows the entries, which is kept in memory. */
  readonly tailCrc: number
}

/** An open run. `has` reads at most a page or two, synchronously, as a rule from the page cache. */
export interface IdRun {
  readonly path: string
  readonly head: RunHead
  has(id: IdHash): boolean
  /** The entries in ascending order, so many pages of 256 at a time. */
  entries(pagesMax: number): AsyncGenerator<Uint32Array>
  close(): void
}

/**
 * Opens a run: reads all but the entries (about 1.5 bytes for each).
 * @throws StoreError `corrupt` when the file is not what was written.
 */
export async function openRun(path: string): Promise<IdRun> {
  const file = await open(path, 'r')
  try {
    const head = await readHead(file, path)
    const tailAt = HEAD_BYTES + head.count * ENTRY_BYTES
    const tail = new Uint8Array(Math.max(0, (await file.stat()).size - tailAt))
    await readAll(file, tail, tailAt)
    if (crc32(tail) !== head.tailCrc) throw corrupt(path, 'its index is damaged', MADE_AGAIN)
    const pages = Math.ceil((head.count * ENTRY_BYTES) / PAGE_BYTES)
    const words = new Uint32Array(tail.buffer)
    return new OpenRun(path, head, {
      firstWords: words.subarray(0, pages),
      checksums: words.subarray(pages, 2 * pages),
      bloom: words.subarray(2 * pages),
    })
  } finally {
    await file.close()
  }
}

interface RunTail {
  readonly firstWords: Uint32Array
  readonly checksums: Uint32Array
  readonly bloom: Uint32Array
}

class OpenRun implements IdRun {
  readonly path: string
  readonly head: RunHead
  readonly #tail: RunTail
  readonly #fd: number
  readonly #page = new Uint32Array(PAGE_BYTES / 4)

  constructor(path: string, head: RunHead, tail: RunTail) {
    this.path = path
    this.head = head
    this.#tail = tail
    this.#fd = openSync(path, 'r')
  }

  has(id: IdHash): boolean {
    if (!mayHave(this.#tail.bloom, id)) return false
    // An entry stands in the last page that starts below it, or in one that starts with the same word.
    const word = id[0] ?? 0
    const from = Math.max(0, this.#pagesBelow(word) - 1)
    const to = Math.max(from, this.#pagesBelow(word + 1) - 1)
    for (let page = from; page <= to; page++) if (this.#pageHas(page, id)) return true
    return false
  }

  async *entries(pagesMax: number): AsyncGenerator<Uint32Array> {
    const file = await open(this.path, 'r')
    const pages = this.#tail.checksums.length
    try {
      for (let first = 0; first < pages; first += pagesMax) {
        const until = Math.min(first + pagesMax, pages)
        const bytes = new Uint8Array(this.#bytesBefore(until) - first * PAGE_BYTES)
        await readAll(file, bytes, HEAD_BYTES + first * PAGE_BYTES)
        for (let page = first; page < until; page++) {
          const start = (page - first) * PAGE_BYTES
          this.#check(page, bytes.subarray(start, start + PAGE_BYTES))
        }
        yield new Uint32Array(bytes.buffer)
      }
    } finally {
      await file.close()
    }
  }

  close(): void {
    closeSync(this.#fd)
  }

  /** How many pages start below `word`. */
  #pagesBelow(word: number): number {
    const { firstWords } = this.#tail
    let low = 0
    let high = firstWords.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((firstWords[middle] ?? 0) < word) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Bytes of the entries in the pages before `page`. */
  #bytesBefore(page: number): number {
    return Math.min(page * PAGE_BYTES, this.head.count * ENTRY_BYTES)
  }

  #pageHas(page: number, id: IdHash): boolean {
    const bytes = bytesOf(this.#page).subarray(0, this.#bytesBefore(page + 1) - page * PAGE_BYTES)
    readSync(this.#fd, bytes, 0, bytes.length, HEAD_BYTES + page * PAGE_BYTES)
    this.#check(page, bytes)
    const entries = bytes.length / ENTRY_BYTES
    let low = 0
    let high = entries
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(this.#page, middle * ENTRY_WORDS, id, 0)) low = middle + 1
      else high = middle
    }
    return low < entries && !isBefore(id, 0, this.#page, low * ENTRY_WORDS)
  }

  #check(page: number, bytes: Uint8Array): void {
    if (crc32(bytes) === this.#tail.checksums[page]) return
    throw corrupt(this.path, `its page ${page} is damaged`, MADE_AGAIN)
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
  throw corrupt(path, 'its head is damaged', MADE_AGAIN)
}

export function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

async function readAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done)
    if (bytesRead === 0) return
    done += bytesRead
  }
}
