// What a message says of its sender's attributes. Invariant: of each attribute one value at most, read as the batch's SQL
// reads it (src/batch/stages/golden.ts).

import type { Fact } from '../edge/fact.ts'
import { fieldsAt, isFields, NO_FIELDS, type Fields } from '../event/event.ts'
import type { Attribute } from './attributes.ts'

/** A value of an attribute, and the message it came with. */
export interface Said {
  readonly attribute: string
  readonly value: string
  readonly eventId: string
  readonly site: string
  /** Event time, ms since the epoch. */
  readonly at: number
  /** The message was an act that shows that its sender has what it names. */
  readonly verified: boolean
}

/** Longer texts, in characters, are no attribute of a person. */
export const VALUE_CHARACTERS_MAX = 1_000

/** White space that does not belong to a value. */
export const SPACE = ' \t\r\n'

/** Edges of acts that show who acts: a login, an order. */
export const VERIFYING_KINDS = ['login', 'checkout'] as const

/** What a message, as it was received, says of the attributes. */
export function saidOf(attributes: readonly Attribute[], fact: Fact, message: Fields): Said[] {
  // The traits of a group are the group's.
  const traits = fact.type === 'group' ? NO_FIELDS : traitsIn(message)
  const carried = traitsIn(fieldsAt(message, 'context'))
  if (traits === NO_FIELDS && carried === NO_FIELDS) return []
  const { id: eventId, site, at } = fact
  const verified = fact.edges.some(({ kind }) => VERIFYING_KINDS.some((one) => one === kind))
  return attributes.flatMap(({ name: attribute, from }) => {
    const value = firstValue(traits, from) ?? firstValue(carried, from)
    return value === null ? [] : [{ attribute, value, eventId, site, at, verified }]
  })
}

/** The traits of a message or of its context; some clients send them as JSON in a text. */
function traitsIn(fields: Fields): Fields {
  const traits = Object.hasOwn(fields, 'traits') ? fields['traits'] : undefined
  if (typeof traits !== 'string') return isFields(traits) ? traits : NO_FIELDS
  try {
    const parsed: unknown = JSON.parse(traits)
    return isFields(parsed) ? parsed : NO_FIELDS
  } catch {
    return NO_FIELDS
  }
}

function firstValue(traits: Fields, paths: readonly (readonly string[])[]): string | null {
  for (const path of paths) {
    const value = valueOf(traits, path)
    if (value !== null) return value
  }
  return null
}

function valueOf(traits: Fields, path: readonly string[]): string | null {
  let value: unknown = traits
  for (const step of path) {
    if (!isFields(value) || !Object.hasOwn(value, step)) return null
    value = value[step]
  }
  const text = textOf(value)
  return text === null || text === '' || isTooLong(text) ? null : text
}

/** Texts without the space around them, numbers as JSON has them, `true` and `false`. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return trimmed(value)
  if (typeof value === 'boolean') return String(value)
  // A larger one was rounded on its way.
  if (typeof value !== 'number' || Math.abs(value) > Number.MAX_SAFE_INTEGER) return null
  return String(value)
}

function trimmed(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && SPACE.includes(text.charAt(from))) from++
  while (to > from && SPACE.includes(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

function isTooLong(text: string): boolean {
  return text.length > VALUE_CHARACTERS_MAX && charactersOf(text) > VALUE_CHARACTERS_MAX
}

/** Unicode characters, as SQL counts them. */
export function charactersOf(text: string): number {
  return Array.from(text).length
}
