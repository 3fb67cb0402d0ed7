// Reading text segments: scanned in slices, line by line, each under its checksum; found again through sparse marks.
// Invariant: a line is believed only if its checksum holds and its position is the next one.

import { open, type FileHandle } from 'node:fs/promises'
import type { Position } from '../../ports/event-log.ts'
import { readLine, type Line } from './line.ts'
import { QuotedTexts } from './quoted-texts.ts'

const LF = 10
/** Read at once: a millisecond or two of work between two waits. */
const SLICE_BYTES = 1 << 19
const MARK_EVERY_BYTES = 1 << 16

/** A text segment that gets no more records; positions are both inclusive. */
export interface ClosedText {
  readonly first: Position
  readonly last: Position
  readonly path: string
}

/** Where some positions begin in a text segment, about one every 64 KB. */
export class Marks {
  readonly #positions: Position[] = []
  readonly #offsets: number[] = []

  /** Notes that a line begins here; kept only if it is far enough behind the last mark. */
  note(position: Position, offset: number): void {
    const last = this.#offsets.at(-1) ?? 0
    if (offset < last + MARK_EVERY_BYTES) return
    this.#positions.push(position)
    this.#offsets.push(offset)
  }

  /** The nearest mark at or before a position. */
  before(
    position: Position,
    first: Position,
  ): { readonly position: Position; readonly offset: number } {
    let low = 0
    let high = this.#positions.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#positions[middle] ?? 0) <= position) low = middle + 1
      else high = middle
    }
    const at = this.#positions[low - 1]
    return at === undefined
      ? { position: first, offset: 0 }
      : { position: at, offset: this.#offsets[low - 1] ?? 0 }
  }

  /** Forgets the marks after `position`. */
  truncate(position: Position): void {
    while ((this.#positions.at(-1) ?? 0) > position) {
      this.#positions.pop()
      this.#offsets.pop()
    }
  }
}

/** Whole lines of a file: from `start` to `end` of `bytes`, which begin at `offset` of the file. */
interface Slice {
  readonly bytes: Buffer
  readonly end: number
  readonly offset: number
}

/** The whole lines of a file from byte `from` on, before byte `to`; what follows the last line feed is left out. */
async function* slicesOf(file: FileHandle, from: number, to: number): AsyncGenerator<Slice> {
  let bytes = Buffer.allocUnsafeSlow(SLICE_BYTES)
  let offset = from
  let held = 0
  for (;;) {
    const wanted = Math.min(bytes.length - held, to - offset - held)
    const { bytesRead } = wanted > 0 ? await file.read(bytes, held, wanted, offset + held) : NOTHING
    if (bytesRead === 0) return
    held += bytesRead
    const end = bytes.lastIndexOf(LF, held - 1) + 1
    if (end > 0) {
      yield { bytes, end, offset }
      bytes.copyWithin(0, end, held)
      offset += end
      held -= end
    } else if (held === bytes.length) {
      bytes = Buffer.concat([bytes, Buffer.allocUnsafeSlow(bytes.length)])
    }
  }
}

const NOTHING = { bytesRead: 0 }

/** Where a scan came to its end. */
export interface ScanEnd {
  /** Position and byte offset behind the last good line. */
  readonly next: Position
  readonly offset: number
  /** The line there is whole but not believed. False at the end of the file, even if half a line is there. */
  readonly bad: boolean
}

interface ScanRange {
  /** The position that the line at `offset` must have. */
  readonly next: Position
  readonly offset: number
  /** The scan ends before this byte. */
  readonly to: number
}

/**
 * Visits the lines of a file in order until one is not believed or `visit` returns false (that line is then behind
 * the scan's end). Visited bytes are reused: take what is needed at once.
 */
export async function scanLines(
  file: FileHandle,
  range: ScanRange,
  visit: (bytes: Buffer, line: Line, offset: number) => boolean,
): Promise<ScanEnd> {
  let { next, offset } = range
  for await (const slice of slicesOf(file, offset, range.to)) {
    let start = 0
    while (start < slice.end) {
      const end = slice.bytes.indexOf(LF, start)
      const line = readLine(slice.bytes, start, end)
      if (line?.position !== next) return { next, offset, bad: true }
      const goOn = visit(slice.bytes, line, offset)
      next += 1
      start = end + 1
      offset = slice.offset + start
      if (!goOn) return { next, offset, bad: false }
    }
  }
  return { next, offset, bad: false }
}

/**
 * Whether a line behind a bad one shows that the bad one had been durable: a later write was begun only after that.
 * Then it is damage; else it is the torn tail of the last write.
 */
export async function isDamage(file: FileHandle, bad: ScanEnd): Promise<boolean> {
  for await (const { bytes, end } of slicesOf(file, bad.offset, Number.POSITIVE_INFINITY)) {
    for (let start = 0; start < end;) {
      const lineEnd = bytes.indexOf(LF, start)
      if ((readLine(bytes, start, lineEnd)?.write ?? 0) > bad.next) return true
      start = lineEnd + 1
    }
  }
  return false
}

/** Up to so many texts are found sooner one by one: that search is the machine's own. */
const ONE_BY_ONE_MAX = 8

type Needles = readonly Buffer[] | QuotedTexts

/**
 * Visits the lines that contain one of the texts, which are given as JSON with its quotes, each line once, in order. A
 * line whose checksum fails is left out.
 */
export async function searchLines(
  path: string,
  texts: readonly Buffer[],
  visit: (bytes: Buffer, line: Line) => void,
): Promise<void> {
  const needles: Needles = texts.length > ONE_BY_ONE_MAX ? new QuotedTexts(texts) : texts
  const file = await open(path, 'r')
  try {
    for await (const { bytes, end } of slicesOf(file, 0, Number.POSITIVE_INFINITY)) {
      for (const start of startsOf(bytes.subarray(0, end), needles)) {
        const line = readLine(bytes, start, bytes.indexOf(LF, start))
        if (line !== null) visit(bytes, line)
      }
    }
  } finally {
    await file.close()
  }
}

function startsOf(bytes: Buffer, needles: Needles): readonly number[] {
  const starts = new Set<number>()
  if (needles instanceof QuotedTexts) {
    needles.find(bytes, (at) => starts.add(bytes.lastIndexOf(LF, at) + 1))
    return [...starts].toSorted((a, b) => a - b)
  }
  for (const needle of needles) {
    let at = bytes.indexOf(needle)
    while (at >= 0) {
      starts.add(bytes.lastIndexOf(LF, at) + 1)
      const next = bytes.indexOf(LF, at) + 1
      at = bytes.indexOf(needle, next)
    }
  }
  return [...starts].toSorted((a, b) => a - b)
}
