// Writing a run of ids, as id-run.ts reads it. Invariant: entries come in ascending order, and the head is written last.

import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Position } from '../../ports/event-log.ts'
import { addToBloom, emptyBloom } from './bloom.ts'
import { bytesOf, HEAD_BYTES, PAGE_BYTES, type RunHead } from './id-run.ts'
import { ENTRY_BYTES, ENTRY_WORDS } from './id-table.ts'

const PAGE_ENTRIES = PAGE_BYTES / ENTRY_BYTES
const SLICE_WORDS = 8 * PAGE_ENTRIES * ENTRY_WORDS

/** Writes the entries of a run, given in ascending order, to a new file. */
export class RunWriter {
  readonly #file: FileHandle
  readonly #bloom: Uint32Array
  readonly #firstWords: Uint32Array
  readonly #checksums: Uint32Array
  #count = 0

  private constructor(file: FileHandle, countMax: number) {
    this.#file = file
    this.#bloom = emptyBloom(countMax)
    this.#firstWords = new Uint32Array(Math.ceil(countMax / PAGE_ENTRIES))
    this.#checksums = new Uint32Array(this.#firstWords.length)
  }

  static async create(path: string, countMax: number): Promise<RunWriter> {
    return new RunWriter(await open(path, 'w', 0o600), countMax)
  }

  /** Appends entries, which must follow what was written before; a few thousand at a time, lest the work be felt. */
  async write(entries: Uint32Array): Promise<void> {
    for (let at = 0; at < entries.length; at += SLICE_WORDS) {
      await this.#writeSlice(entries.subarray(at, at + SLICE_WORDS))
    }
  }

  async #writeSlice(entries: Uint32Array): Promise<void> {
    const offset = HEAD_BYTES + this.#count * ENTRY_BYTES
    const bytes = bytesOf(entries)
    for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
      const page = Math.floor(this.#count / PAGE_ENTRIES)
      if (this.#count % PAGE_ENTRIES === 0) this.#firstWords[page] = entries[at] ?? 0
      addToBloom(this.#bloom, entries, at)
      this.#count += 1
      if (this.#count % PAGE_ENTRIES !== 0 && at + ENTRY_WORDS < entries.length) continue
      // The end of a page or of what is here of it.
      const start = Math.max(0, page * PAGE_BYTES + HEAD_BYTES - offset)
      const part = bytes.subarray(start, at * 4 + ENTRY_BYTES)
      this.#checksums[page] = crc32(part, this.#checksums[page])
    }
    await writeAll(this.#file, bytes, offset)
  }

  /** Completes the file and makes it durable. */
  async finish(first: Position, last: Position, level: number): Promise<void> {
    const pages = Math.ceil(this.#count / PAGE_ENTRIES)
    const tail = [
      bytesOf(this.#firstWords.subarray(0, pages)),
      bytesOf(this.#checksums.subarray(0, pages)),
      bytesOf(this.#bloom),
    ]
    let offset = HEAD_BYTES + this.#count * ENTRY_BYTES
    let tailCrc = 0
    for (const bytes of tail) {
      await writeAll(this.#file, bytes, offset)
      offset += bytes.length
      tailCrc = crc32(bytes, tailCrc)
    }
    const head: RunHead = { run: 1, first, last, level, count: this.#count, tailCrc }
    const text = Buffer.alloc(HEAD_BYTES, ' ')
    text.write(`${JSON.stringify(head)}\n`)
    await writeAll(this.#file, text, 0)
    await this.#file.sync()
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}
