// The wire format of a value: 00, the schema's id in four bytes, big end first, then the Avro body.

import type { Type } from 'avsc'

const MARKER = 0
export const HEAD_BYTES = 5

export function framed(id: number, type: Type, value: unknown): Buffer {
  const body = type.toBuffer(value)
  const whole = Buffer.allocUnsafe(HEAD_BYTES + body.length)
  whole[0] = MARKER
  whole.writeUInt32BE(id, 1)
  body.copy(whole, HEAD_BYTES)
  return whole
}

/** The id of the schema a value was written by; null for what is not of this format. */
export function schemaIdOf(value: Buffer | null): number | null {
  if (value === null || value.length < HEAD_BYTES || value[0] !== MARKER) return null
  return value.readUInt32BE(1)
}
