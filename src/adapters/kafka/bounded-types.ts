// Avro types whose reading is bounded by the bytes there are.
// Invariant: a record of n bytes costs time and memory in proportion to n, whatever it claims its lengths to be.

import avro, { type Type } from 'avsc'

/** Where a reader of bytes stands. */
interface Tap {
  readonly buf: Uint8Array
  pos: number
  readLong(): number
  skipLong(): void
}

interface Readable {
  _read(tap: Tap): unknown
  _skip(tap: Tap): unknown
}

/** What the subclasses below override; the library declares none of it. */
interface Inner {
  readonly itemsType: Readable
  readonly valuesType: Readable
}

class BoundedArray extends avro.types.ArrayType {
  _read(this: Inner, tap: Tap): unknown[] {
    const items: unknown[] = []
    for (let count = blockSize(tap); count > 0; count = blockSize(tap)) {
      for (; count > 0; count--) items.push(forward(tap, this.itemsType, '_read'))
    }
    return items
  }

  _skip(this: Inner, tap: Tap): void {
    for (let count = blockSize(tap); count > 0; count = blockSize(tap)) {
      for (; count > 0; count--) forward(tap, this.itemsType, '_skip')
    }
  }
}

const KEY = new avro.types.StringType() as unknown as Readable

class BoundedMap extends avro.types.MapType {
  _read(this: Inner, tap: Tap): Record<string, unknown> {
    const entries: [string, unknown][] = []
    for (let count = blockSize(tap); count > 0; count = blockSize(tap)) {
      for (; count > 0; count--) {
        const key = String(forward(tap, KEY, '_read'))
        entries.push([key, forward(tap, this.valuesType, '_read')])
      }
    }
    // Also right for a key such as __proto__.
    return Object.fromEntries(entries)
  }

  _skip(this: Inner, tap: Tap): void {
    for (let count = blockSize(tap); count > 0; count = blockSize(tap)) {
      for (; count > 0; count--) {
        forward(tap, KEY, '_skip')
        forward(tap, this.valuesType, '_skip')
      }
    }
  }
}

class BoundedString extends avro.types.StringType {
  _read(tap: Tap): unknown {
    return forward(tap, STRING, '_read')
  }

  _skip(tap: Tap): void {
    forward(tap, STRING, '_skip')
  }
}

/** A text that its reader has no use for: told as none. */
class PassedOver extends avro.types.StringType {
  _read(tap: Tap): unknown {
    forward(tap, STRING, '_skip')
    return ''
  }

  _skip(tap: Tap): void {
    forward(tap, STRING, '_skip')
  }
}

class BoundedBytes extends avro.types.BytesType {
  _read(tap: Tap): unknown {
    return forward(tap, BYTES, '_read')
  }

  _skip(tap: Tap): void {
    forward(tap, BYTES, '_skip')
  }
}

const STRING = new avro.types.StringType() as unknown as Readable
const BYTES = new avro.types.BytesType() as unknown as Readable

/** Reads or skips one value; a negative length would go back, one too large beyond the end. */
function forward(tap: Tap, type: Readable, how: '_read' | '_skip'): unknown {
  const from = tap.pos
  const value = type[how](tap)
  if (tap.pos < from || tap.pos > tap.buf.length) throw new RangeError('a length that cannot be')
  return value
}

/** How many values the block has that begins here. Each takes a byte, so there are no more of them than bytes. */
function blockSize(tap: Tap): number {
  let count = tap.readLong()
  if (count < 0) {
    count = -count
    tap.skipLong()
  }
  if (count > tap.buf.length - tap.pos) throw new RangeError('a length that cannot be')
  return count
}

/** A string that is to be passed over says so by this beside its type. */
const PASSED_OVER = 'passedOver'

/** The schema of a record of which these texts are passed over: they are read as ''. */
export function passingOver(schema: unknown, fields: readonly string[]): unknown {
  const record = schema as { readonly fields: readonly { readonly name: string }[] }
  return {
    ...record,
    fields: record.fields.map((field) =>
      fields.includes(field.name)
        ? { ...field, type: { type: 'string', [PASSED_OVER]: true } }
        : field,
    ),
  }
}

/** The type of a schema, such as a registry has it. @throws for what is no Avro schema */
export function boundedType(schema: unknown): Type {
  return avro.Type.forSchema(schema as avro.Schema, {
    // Field names of others may be anything, so no methods beside them.
    omitRecordMethods: true,
    typeHook: (part, options) => {
      const name = typeof part === 'string' ? part : (part as { readonly type?: unknown }).type
      if (name === 'string') return isPassedOver(part) ? new PassedOver() : new BoundedString()
      if (name === 'bytes' && isPlain(part)) return new BoundedBytes()
      if (name === 'array') return new BoundedArray(part, options)
      if (name === 'map') return new BoundedMap(part, options)
      return undefined
    },
  })
}

function isPassedOver(part: unknown): boolean {
  return typeof part === 'object' && part !== null && PASSED_OVER in part
}

/** A decimal in bytes stays what the library makes of it. */
function isPlain(part: unknown): boolean {
  return typeof part === 'string' || !('logicalType' in (part as object))
}
