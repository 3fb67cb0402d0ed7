// The bytes of a file or of standard input, inflated if they are gzip, whatever the file is called.

import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { systemError, UserError } from '../user-error.ts'

/** Stands for standard input where a file is named. */
export const STANDARD_INPUT = '-'

const READ_BYTES = 1_048_576
const GZIP_MAGIC = [0x1f, 0x8b]

export interface Input {
  readonly bytes: AsyncIterable<Buffer>
  close(): void
}

/** `read` is told of every chunk as it lies on the disk, in bytes. */
export function openInput(file: string, read: (bytes: number) => void): Input {
  const source =
    file === STANDARD_INPUT ? process.stdin : createReadStream(file, { highWaterMark: READ_BYTES })
  return { bytes: inflated(source, read), close: () => source.destroy() }
}

async function* inflated(source: Readable, read: (bytes: number) => void): AsyncGenerator<Buffer> {
  const chunks = counted(source, read)
  const first = await chunks.next()
  if (first.done === true) return
  const whole = behind(first.value, chunks)
  if (!GZIP_MAGIC.every((byte, i) => first.value[i] === byte)) {
    yield* whole
    return
  }
  // A failure of either end destroys the other, and reaches whoever reads.
  const gunzip = pipeline(whole, createGunzip({ chunkSize: READ_BYTES }), () => undefined)
  for await (const chunk of gunzip) if (Buffer.isBuffer(chunk)) yield chunk
}

async function* counted(source: Readable, read: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('the input is no stream of bytes')
    read(chunk.length)
    yield chunk
  }
}

async function* behind(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

/** What went wrong while reading, in words; what is no failure of reading stays as it is. */
export function readFailure(file: string, line: number, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || cause.name === 'StoreError') return cause
  const name = file === STANDARD_INPUT ? 'standard input' : file
  if (typeof cause.code === 'string' && cause.code.startsWith('Z_')) {
    const hint = 'The lines before are loaded.'
    return new UserError(`${name} is damaged after line ${line}: ${cause.message}`, { cause, hint })
  }
  return cause instanceof UserError ? cause : systemError(`read ${name}`, cause)
}
