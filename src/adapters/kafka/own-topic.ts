// A topic of ours with its schema, as it is registered.

import type { SchemaRegistry } from './registry.ts'
import { ownSchema, type OwnSchema, type SchemaName } from './schemas.ts'
import type { Outgoing } from './sender.ts'
import { framed } from './wire.ts'

export interface OwnTopic {
  readonly topic: string
  readonly schema: OwnSchema
  /** Of the schema in the registry. */
  readonly id: number
}

/** @throws {StoreError} when the schema is incompatible with what is in the topic, or the registry does not answer */
export async function registerTopic(
  registry: SchemaRegistry,
  name: SchemaName,
  topic: string,
): Promise<OwnTopic> {
  const schema = ownSchema(name)
  return { topic, schema, id: await registry.register(`${topic}-value`, schema.text) }
}

/** A record to be sent; null for a tombstone. */
export function outgoing({ topic, schema, id }: OwnTopic, key: Buffer, value: unknown): Outgoing {
  return { topic, key, value: value === null ? null : framed(id, schema.type, value) }
}
