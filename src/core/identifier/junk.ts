// Values that name nobody. Invariant: what is refused here never becomes an identifier, whatever type it came as.

import { foldValue } from '../policy/defaults.ts'
import type { Extraction } from './extraction.ts'
import type { RefusalReason } from './made.ts'

const ID_CHARACTERS_MAX = 256
/** Fewer different characters than this tell few people apart (`aaaaaa`, `ababab`) … */
const DISTINCT_CHARACTERS_MIN = 3
/** … but people are called Bob and Anna. */
const DISTINCT_CHARACTERS_MIN_SHORT = 2
const SHORT_CHARACTERS_MAX = 4
/** Customer numbers count from 1, so short ones may be as plain as they like. */
const PLAIN_NUMBER_DIGITS_MAX = 6

/** Zeros and dashes only (zero UUIDs too), all-f UUIDs, templates nobody filled in, and what an object prints as. */
const PATTERN = /^[0\s.:_-]*$|^f{8}-?(f{4}-?){3}f{12}$|^(\{\{|\$\{|<%|%%)|\[object \w+\]/

/** Why an id (cookie, external id, declared type) names nobody; null when it may name somebody. */
export function junkId(
  extraction: Extraction,
  id: string,
  numbered: boolean,
): RefusalReason | null {
  if (id.length > ID_CHARACTERS_MAX) return 'too_long'
  const reason = isPlaceholder(extraction, id)
    ? 'junk'
    : tooPlain(id, numbered)
      ? 'too_plain'
      : null
  return reason !== null && extraction.allowedValues.has(foldValue(id)) ? null : reason
}

/** Whether a value is one of the placeholders, before anything is made of it. */
export function isPlaceholder(extraction: Extraction, value: string): boolean {
  if (value.length > ID_CHARACTERS_MAX) return false
  const folded = foldValue(value)
  return folded === '' || extraction.placeholders.has(folded) || PATTERN.test(value.toLowerCase())
}

function tooPlain(id: string, numbered: boolean): boolean {
  if (numbered && id.length <= PLAIN_NUMBER_DIGITS_MAX && /^\d+$/.test(id)) return false
  const min =
    id.length > SHORT_CHARACTERS_MAX ? DISTINCT_CHARACTERS_MIN : DISTINCT_CHARACTERS_MIN_SHORT
  const distinct = new Set<string>()
  for (const character of id.toLowerCase()) {
    if (/[\s._:-]/.test(character)) continue
    distinct.add(character)
    if (distinct.size === min) return false
  }
  return true
}

/** `test@test.com` and its like: the name of the mailbox and of the domain are one placeholder. */
export function isJunkEmail(extraction: Extraction, normal: string): boolean {
  const at = normal.lastIndexOf('@')
  const local = normal.slice(0, at)
  if (extraction.allowedValues.has(normal)) return false
  if (extraction.noMailboxes.has(local) || extraction.placeholders.has(normal)) return true
  const [label = ''] = normal.slice(at + 1).split('.')
  if (!isPlain(extraction, local)) return false
  return label === local || isPlain(extraction, label)
}

function isPlain(extraction: Extraction, word: string): boolean {
  return /^(?:.|(.)\1+|\d+)$/.test(word) || extraction.placeholders.has(word)
}

/** `+49 170 0000000`, `+44 20 1234567`: a number somebody typed to be let through. */
export function isJunkPhone(extraction: Extraction, normal: string): boolean {
  if (extraction.allowedValues.has(normal)) return false
  if (extraction.placeholders.has(normal)) return true
  return (
    /(\d)\1{6}$/.test(normal) || /(1234567|12345678|123456789|1234567890|7654321)$/.test(normal)
  )
}
