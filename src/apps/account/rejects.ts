// Messages that were not understood, kept with their reason: one line of JSON each, to be looked at and sent again.
// Invariant: never in the way of the messages that were; a file that cannot be written loses rejects, not messages.

import { open, mkdir, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { AccountLayout } from './layout.ts'

export interface Reject {
  /** When it was refused, ms since the epoch. */
  readonly at: number
  /** `ingest` or the path it was sent to. */
  readonly source: string
  /** Of the write key, or of lines that name none. */
  readonly site?: string
  readonly historical?: boolean
  readonly file?: string
  /** From 1. */
  readonly line?: number
  readonly reason: string
  readonly detail: string
  /** The message as received; left out where it may not or cannot be kept. */
  readonly raw?: string | undefined
}

/** Bytes of one file of rejects; past it they are only counted, so that a flood of junk cannot fill the disk. */
const FILE_BYTES_MAX = 256 * 1024 * 1024

export class Rejects {
  readonly path: string
  #file: FileHandle | null = null
  #bytes = 0
  #counted = 0
  #failure: unknown = null
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.path = path
  }

  /** How many were refused, kept or not. */
  get count(): number {
    return this.#counted
  }

  /** Why some could not be kept; null when all could. */
  get failure(): unknown {
    return this.#failure
  }

  /** Keeps rejects; the promise never fails. */
  async add(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return
    this.#counted += rejects.length
    this.#writing = this.#writing.then(() => this.#write(rejects))
    await this.#writing
  }

  async close(): Promise<void> {
    await this.#writing
    await this.#file?.close().catch(() => undefined)
    this.#file = null
  }

  async #write(rejects: readonly Reject[]): Promise<void> {
    if (this.#bytes > FILE_BYTES_MAX) return
    const text = rejects
      .map((reject) => `${JSON.stringify({ ...reject, at: new Date(reject.at).toISOString() })}\n`)
      .join('')
    try {
      this.#file ??= await openToAppend(this.path)
      if (this.#bytes === 0) this.#bytes = (await this.#file.stat()).size
      await this.#file.appendFile(text)
      this.#bytes += Buffer.byteLength(text)
    } catch (cause) {
      this.#failure ??= cause
    }
  }
}

async function openToAppend(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return open(path, 'a', 0o600)
}

/** Where the rejects of one load go: `rejects/ACCOUNT/ingest-2026-03-02T10-15-00-123Z-4711.ndjson`. */
export function rejectsOfLoad({ rejectsDirectory }: AccountLayout, now: Date): Rejects {
  return new Rejects(join(rejectsDirectory, `ingest-${stampOf(now)}-${process.pid}.ndjson`))
}

/** The rejects of a server: a file a day, and a new one whenever the ones before are to be taken again. */
export class ServerRejects {
  readonly #layout: AccountLayout
  #open: { readonly day: string; readonly rejects: Rejects } | null = null

  constructor(layout: AccountLayout) {
    this.#layout = layout
  }

  /** Where rejects go at this instant. */
  at(now: Date): Rejects {
    const day = now.toISOString().slice(0, 10)
    if (this.#open?.day !== day) {
      void this.#open?.rejects.close()
      const path = join(this.#layout.rejectsDirectory, `serve-${stampOf(now)}.ndjson`)
      this.#open = { day, rejects: new Rejects(path) }
    }
    return this.#open.rejects
  }

  /** Ends the file of the day; what is rejected from here on goes to another. */
  async close(): Promise<void> {
    const last = this.#open
    this.#open = null
    await last?.rejects.close()
  }
}

function stampOf(now: Date): string {
  return now.toISOString().replaceAll(/[:.]/g, '-')
}
