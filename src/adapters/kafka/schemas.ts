// The schemas of our topics (schemas/*.avsc): their text as it is registered, and what reads and writes by them.

import { readFileSync } from 'node:fs'
import type { Type } from 'avsc'
import { boundedType, passingOver } from './bounded-types.ts'

export type SchemaName = 'event' | 'decision' | 'reject' | 'change' | 'profile'

/** Beside `src` and beside `dist` alike. */
const FOLDER = new URL('../../../schemas/', import.meta.url)

export interface OwnSchema {
  readonly name: SchemaName
  /** One line, always the same for the same file, so that registering it again finds it. */
  readonly text: string
  readonly type: Type
}

export function ownSchema(name: SchemaName): OwnSchema {
  const parsed: unknown = JSON.parse(readFileSync(new URL(`${name}.avsc`, FOLDER), 'utf8'))
  return { name, text: JSON.stringify(parsed), type: boundedType(parsed) }
}

/** The same schema for a reader who has no use for some texts: they are ''. */
export function withoutTexts({ name, text }: OwnSchema, fields: readonly string[]): OwnSchema {
  return { name, text, type: boundedType(passingOver(JSON.parse(text), fields)) }
}

/** Reads what was written by another version of the schema, given its text. @throws where that cannot be */
export function readerOf({ type, text }: OwnSchema, written: string): (body: Buffer) => unknown {
  const schema: unknown = JSON.parse(written)
  // The common case, and the fastest.
  if (JSON.stringify(schema) === text) return (body): unknown => type.fromBuffer(body)
  const resolver = type.createResolver(boundedType(schema))
  return (body): unknown => type.fromBuffer(body, resolver)
}
