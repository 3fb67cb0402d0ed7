// Numbers and texts as bytes, one after the other: small numbers take few bytes.
// Invariant: what is read in the order in which it was written is equal to it.

import { KEY_BYTES } from './keys.ts'

const LOW = 0x7f
const MORE = 0x80
/** A whole number takes no more bytes than this. */
const NUMBER_BYTES_MAX = 8
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const HASH = /^[0-9a-f]{64}$/
/** What a word that is often of a known form is: its bytes, or text. */
const FORM = { text: 0, uuid: 1, hash: 2 } as const

export class Writer {
  #bytes = Buffer.allocUnsafe(4_096)
  #at = 0

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#at++] = value
  }

  /** 0 or a whole number above, up to 2^53. */
  count(value: number): void {
    this.#room(NUMBER_BYTES_MAX)
    let rest = value
    while (rest > LOW) {
      this.#bytes[this.#at++] = (rest % MORE) | MORE
      rest = Math.floor(rest / MORE)
    }
    this.#bytes[this.#at++] = rest
  }

  /** A whole number, up to 2^52 either way. */
  whole(value: number): void {
    this.count(value < 0 ? -2 * value - 1 : 2 * value)
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value)
    this.count(bytes)
    this.#room(bytes)
    this.#at += this.#bytes.write(value, this.#at)
  }

  /** A text that is often a UUID or a hash. */
  word(value: string): void {
    if (HASH.test(value)) this.#hex(FORM.hash, value)
    else if (UUID.test(value)) this.#hex(FORM.uuid, value.replaceAll('-', ''))
    else {
      this.byte(FORM.text)
      this.text(value)
    }
  }

  key(value: string): void {
    this.#room(KEY_BYTES)
    this.#at += this.#bytes.write(value, this.#at, KEY_BYTES, 'hex')
  }

  /** Three bytes. */
  hours(mask: number): void {
    this.#room(3)
    this.#at = this.#bytes.writeUIntLE(mask, this.#at, 3)
  }

  uint32(value: number): void {
    this.#room(4)
    this.#at = this.#bytes.writeUInt32LE(value, this.#at)
  }

  /** What was written since the last time. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#at))
    this.#at = 0
    return taken
  }

  #hex(form: number, digits: string): void {
    this.byte(form)
    this.#room(KEY_BYTES)
    this.#at += this.#bytes.write(digits, this.#at, 'hex')
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#bytes.length + bytes))
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
  }
}

export class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  count(): number {
    let value = 0
    let unit = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & LOW) * unit
      if (byte < MORE) return value
      unit *= MORE
    }
  }

  whole(): number {
    const value = this.count()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  text(): string {
    const bytes = this.count()
    this.#at += bytes
    return this.#bytes.toString('utf8', this.#at - bytes, this.#at)
  }

  word(): string {
    const form = this.byte()
    if (form === FORM.text) return this.text()
    if (form === FORM.hash) return this.key()
    this.#at += 16
    const hex = this.#bytes.toString('hex', this.#at - 16, this.#at)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  key(): string {
    this.#at += KEY_BYTES
    return this.#bytes.toString('hex', this.#at - KEY_BYTES, this.#at)
  }

  hours(): number {
    this.#at += 3
    return this.#bytes.readUIntLE(this.#at - 3, 3)
  }

  uint32(): number {
    this.#at += 4
    return this.#bytes.readUInt32LE(this.#at - 4)
  }
}
