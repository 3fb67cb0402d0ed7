// Bytes written one after another, and read so again; all numbers with the highest byte first.
// Invariant: what is written reads back as an equal value.

import type { Key } from '../../core/identifier/identifier.ts'

/** Added to numbers that may be below 0. */
const BIAS_48 = 2 ** 47
const BIAS_24 = 2 ** 23
/** Of UTF-8, for one of UTF-16. */
const BYTES_PER_UNIT_MAX = 3
const DAY_MAX = 2 ** 24 - 1

/** How a text is written: as it is, or half as long. The place is the code. */
const TEXTS = [
  null,
  /^(?:[0-9a-f]{2})+$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^prf_[0-9a-f]{20}$/,
] as const

const PROFILE_MARK = 'prf_'

function codeOf(text: string): number {
  const { length } = text
  if (length === 36 && TEXTS[2].test(text)) return 2
  if (length === 24 && TEXTS[3].test(text)) return 3
  return length > 0 && (length & 1) === 0 && TEXTS[1].test(text) ? 1 : 0
}

/** A day as the scripts know it; may be infinite. */
export function biasedDay(day: number): number {
  return Math.min(DAY_MAX, Math.max(0, day + BIAS_24))
}

export class ByteWriter {
  #bytes: Buffer
  #at = 0

  /** @param size bytes to begin with */
  constructor(size = 1_024) {
    this.#bytes = Buffer.allocUnsafe(size)
  }

  get length(): number {
    return this.#at
  }

  #room(more: number): Buffer {
    if (this.#at + more > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more))
      this.#bytes.copy(larger, 0, 0, this.#at)
      this.#bytes = larger
    }
    return this.#bytes
  }

  u8(value: number): void {
    this.#at = this.#room(1).writeUInt8(value, this.#at)
  }

  u16(value: number): void {
    this.#at = this.#room(2).writeUInt16BE(value, this.#at)
  }

  u24(value: number): void {
    this.#at = this.#room(3).writeUIntBE(value, this.#at, 3)
  }

  u32(value: number): void {
    this.#at = this.#room(4).writeUInt32BE(value, this.#at)
  }

  /** A whole number of 48 bits, perhaps below 0: milliseconds, evidence. */
  whole(value: number): void {
    this.#at = this.#room(6).writeUIntBE(value + BIAS_48, this.#at, 6)
  }

  /** A day, as near as it can be told; may be infinite. */
  day(value: number): void {
    this.u24(biasedDay(value))
  }

  /** Any length, small ones short. */
  count(value: number): void {
    let left = value
    while (left >= 0x80) {
      this.u8((left % 0x80) + 0x80)
      left = Math.floor(left / 0x80)
    }
    this.u8(left)
  }

  key(key: Key): void {
    this.#room(32).write(key, this.#at, 32, 'hex')
    this.#at += 32
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length).set(bytes, this.#at)
    this.#at += bytes.length
  }

  text(text: string): void {
    const code = codeOf(text)
    if (code === 0) {
      this.count(Buffer.byteLength(text) * 4)
      this.utf8(text)
      return
    }
    const hex = code === 1 ? text : code === 2 ? text.replaceAll('-', '') : text.slice(4)
    this.count(hex.length * 2 + code)
    this.#at += this.#room(hex.length / 2).write(hex, this.#at, 'hex')
  }

  utf8(text: string): void {
    this.#at += this.#room(text.length * BYTES_PER_UNIT_MAX).write(text, this.#at)
  }

  /** Room for a length that is known later; `close` writes it. */
  open(bytes: 1 | 2 | 3 | 4): number {
    this.#room(bytes)
    this.#at += bytes
    return this.#at
  }

  /** Writes how much has come since `start` into the bytes before it. Throws when it does not fit. */
  close(start: number, bytes: 1 | 2 | 3 | 4): void {
    this.#bytes.writeUIntBE(this.#at - start, start - bytes, bytes)
  }

  /** Writes a number of three bytes anew. */
  patch24(at: number, value: number): void {
    this.#bytes.writeUIntBE(value, at, 3)
  }

  /** What has been written. Nothing is to be written after that. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }
}

export class ByteReader {
  readonly #bytes: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  get isDone(): boolean {
    return this.at >= this.#bytes.length
  }

  u8(): number {
    return this.#bytes.readUInt8(this.at++)
  }

  u16(): number {
    this.at += 2
    return this.#bytes.readUInt16BE(this.at - 2)
  }

  u24(): number {
    this.at += 3
    return this.#bytes.readUIntBE(this.at - 3, 3)
  }

  u32(): number {
    this.at += 4
    return this.#bytes.readUInt32BE(this.at - 4)
  }

  whole(): number {
    this.at += 6
    return this.#bytes.readUIntBE(this.at - 6, 6) - BIAS_48
  }

  /** 48 bits, 0 or more. */
  number(): number {
    this.at += 6
    return this.#bytes.readUIntBE(this.at - 6, 6)
  }

  day(): number {
    return this.u24() - BIAS_24
  }

  count(): number {
    let value = 0
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.u8()
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return value
    }
  }

  key(): Key {
    return this.#read(32, 'hex')
  }

  /** Shares memory with what is read. */
  raw(length: number): Buffer {
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  latin(length: number): string {
    return this.#read(length, 'latin1')
  }

  utf8(length: number): string {
    return this.#read(length, 'utf8')
  }

  text(): string {
    const head = this.count()
    const length = Math.floor(head / 4)
    const code = head % 4
    if (code === 0) return this.#read(length, 'utf8')
    const hex = this.#read(length, 'hex')
    return code === 1 ? hex : code === 3 ? PROFILE_MARK + hex : dashed(hex)
  }

  #read(length: number, as: 'hex' | 'utf8' | 'latin1'): string {
    this.at += length
    return this.#bytes.toString(as, this.at - length, this.at)
  }
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Names an id where Lua looks profiles up: a minted one in 11 bytes, any other as it is. */
export function profileField(id: string): Buffer {
  return TEXTS[3].test(id) ? Buffer.from(`01${id.slice(4)}`, 'hex') : Buffer.from(`\0${id}`)
}

export function profileOfField(bytes: Buffer): string {
  return bytes[0] === 1 ? PROFILE_MARK + bytes.toString('hex', 1) : bytes.toString('utf8', 1)
}
