// What stands in a topic, as records of the port, or as poison with its reason.
// Invariant: no record makes it fail; it fails only when the registry cannot be asked.

import { foreignMessage } from '../../core/event/foreign-message.ts'
import { isFields } from '../../core/event/event.ts'
import { DEFAULT_SITE } from '../../core/policy/defaults.ts'
import type { ForeignTopic } from '../../core/policy/foreign-topic.ts'
import type { StoredRecord } from '../../ports/event-log.ts'
import type { Poisoned, PoisonReason, ReadMessage } from '../../ports/shared-log.ts'
import { boundedType } from './bounded-types.ts'
import { decisionOf, messageOf, type AvroDecision, type AvroEvent } from './event-codec.ts'
import type { SchemaRegistry } from './registry.ts'
import { readerOf, withoutTexts, type OwnSchema } from './schemas.ts'
import { HEAD_BYTES, schemaIdOf } from './wire.ts'

/** A record as the broker has it. */
export interface RawRecord {
  readonly offset: number
  /** Broker's time, ms. */
  readonly at: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** What it says, where that was read ahead. */
  read?: StoredRecord
}

/** What a topic holds: our own records, or somebody's. */
export type Content =
  | { readonly kind: 'events' | 'decisions'; readonly own: OwnSchema }
  | { readonly kind: 'foreign'; readonly rule: ForeignTopic }

/** A partition, by the name of its source and by where it is. */
export interface Place {
  readonly source: string
  readonly topic: string
  readonly partition: number
}

export interface Origin extends Place {
  readonly content: Content
}

/** How the bodies of one schema are read; or why they cannot be. */
type Reading = ((body: Buffer) => unknown) | PoisonReason

/** Of a message that has its fact the text is most of it, and nothing that decides. */
const TEXTS = ['raw']

export interface DecoderParts {
  readonly registry: SchemaRegistry
  readonly account: string
  readonly readMessage: ReadMessage
  /** Leaves the text of messages out that have their fact. */
  readonly factsOnly: boolean
}

/** Thrown within, caught within. */
class Poison extends Error {
  readonly reason: string

  constructor(reason: string, detail: string) {
    super(detail)
    this.reason = reason
  }
}

/** A schema that the registry does not know may be registered a moment later. */
const UNKNOWN_MS = 5_000

export class Decoder {
  readonly #parts: DecoderParts
  /** By kind of content and schema id. */
  readonly #readings = new Map<string, { readonly reading: Reading; readonly until: number }>()

  constructor(parts: DecoderParts) {
    this.#parts = parts
  }

  /** Fetches the schemas that these records need. @throws {StoreError} when the registry does not answer */
  async prepare({ content }: Origin, records: readonly RawRecord[]): Promise<void> {
    if (content.kind === 'foreign' && content.rule.format === 'json') return
    let last: number | null = null
    for (const { value } of records) {
      const id = schemaIdOf(value)
      if (id === null || id === last) continue
      last = id
      const name = nameOf(content, id)
      const known = this.#readings.get(name)
      if (known !== undefined && known.until > Date.now()) continue
      const reading = await this.#readingOf(content, id)
      const until = reading === 'unknown_schema' ? Date.now() + UNKNOWN_MS : Infinity
      this.#readings.set(name, { reading, until })
    }
  }

  /** Reads what is to be decoded later, as far as it can be read now: while others are waited for there is time. */
  readAhead(origin: Origin, raws: readonly RawRecord[]): void {
    for (const raw of raws) {
      const read = this.decode(origin, raw)
      // What cannot be read now may be later, when its schema is known.
      if ('kind' in read) raw.read = read
    }
  }

  /** Reads a record whose schema was prepared. Never throws. */
  decode(origin: Origin, raw: RawRecord): StoredRecord | Poisoned {
    if (raw.read !== undefined) return raw.read
    const position = raw.offset + 1
    try {
      return this.#record(origin, raw, position)
    } catch (cause) {
      const reason = cause instanceof Poison ? cause.reason : 'bad_avro'
      const detail = cause instanceof Poison ? cause.message : 'it is not what its schema says'
      return { source: origin.source, position, reason, detail, at: raw.at, raw: raw.value }
    }
  }

  #record(origin: Origin, raw: RawRecord, position: number): StoredRecord {
    const { content } = origin
    const value = this.#valueOf(content, raw)
    if (content.kind === 'decisions') {
      const decision = decisionOf(value as AvroDecision)
      if (decision === null) throw new Poison('bad_decision', 'it is no decision')
      return { ...decision, position }
    }
    if (content.kind === 'foreign') return this.#foreign(origin, content.rule, raw, value)
    const event = value as AvroEvent
    if (event.fact === null) return this.#unread(event, raw)
    const message = messageOf(event.raw, event.fact, this.#parts.account)
    if (typeof message === 'string') throw new Poison('bad_fact', message)
    return {
      kind: 'message',
      fact: message.fact,
      extractionVersion: message.extractionVersion,
      raw: message.raw,
      position,
    }
  }

  #valueOf(content: Content, { value }: RawRecord): unknown {
    if (content.kind === 'foreign' && content.rule.format === 'json') return parsed(value)
    const id = schemaIdOf(value)
    if (id === null || value === null) {
      throw new Poison('not_framed', `${value?.length ?? 0} bytes without a schema id in front`)
    }
    const reading = this.#readings.get(nameOf(content, id))?.reading ?? 'unknown_schema'
    if (typeof reading === 'string') throw new Poison(reading, DETAILS[reading](id))
    return reading(value.subarray(HEAD_BYTES))
  }

  /** A message without its fact. */
  #unread(event: AvroEvent, raw: RawRecord): StoredRecord {
    const found = parsed(event.raw)
    const named =
      event.messageId !== null && isFields(found) && found['messageId'] === undefined
        ? Object.assign({}, found, { messageId: event.messageId })
        : found
    const { historical, site } = event
    const envelope = { receivedAt: raw.at, historical, site: site ?? DEFAULT_SITE }
    return this.#read(event.raw, named, envelope, raw)
  }

  #foreign(origin: Origin, rule: ForeignTopic, raw: RawRecord, value: unknown): StoredRecord {
    if (!isFields(value)) throw new Poison('not_an_object', 'it is no object')
    const id = `${origin.topic}/${origin.partition}/${raw.offset}`
    const message = foreignMessage(rule, value, id)
    const envelope = { receivedAt: raw.at, historical: false, site: rule.site }
    return this.#read(JSON.stringify(message), message, envelope, raw)
  }

  #read(
    text: string,
    message: unknown,
    envelope: { receivedAt: number; historical: boolean; site: string },
    { offset }: RawRecord,
  ): StoredRecord {
    const record = this.#parts.readMessage({ raw: text, message, envelope })
    if ('reason' in record) throw new Poison(record.reason, record.detail)
    return { ...record, position: offset + 1 }
  }

  async #readingOf(content: Content, id: number): Promise<Reading> {
    const text = await this.#parts.registry.schemaOf(id)
    if (text === null) return 'unknown_schema'
    try {
      if (content.kind === 'events' && this.#parts.factsOnly) return factsOf(content.own, text)
      if (content.kind !== 'foreign') return readerOf(content.own, text)
      const type = boundedType(JSON.parse(text))
      return (body): unknown => type.fromBuffer(body)
    } catch {
      return 'foreign_schema'
    }
  }
}

/** Reads an event without its text; with it where its fact is to be made of it. */
function factsOf(own: OwnSchema, written: string): (body: Buffer) => unknown {
  const [facts, whole] = [readerOf(withoutTexts(own, TEXTS), written), readerOf(own, written)]
  return (body) => {
    const event = facts(body) as AvroEvent
    return event.fact === null ? whole(body) : event
  }
}

function nameOf(content: Content, id: number): string {
  return `${content.kind} ${id}`
}

function parsed(text: Buffer | string | null): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw new Poison('not_json', 'it is no JSON')
  }
}

const DETAILS: Readonly<Record<PoisonReason, (id: number) => string>> = {
  not_framed: () => 'no schema id in front',
  unknown_schema: (id) => `the registry knows no schema ${id}`,
  foreign_schema: (id) => `schema ${id} cannot be read as ours`,
  bad_avro: (id) => `it is not what schema ${id} says`,
  not_json: () => 'it is no JSON',
  bad_fact: () => 'its fact contradicts itself',
  bad_decision: () => 'it is no decision',
}
