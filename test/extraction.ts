// The way from a raw message to a fact with the real digest, for tests of every layer.
import { hash } from 'node:crypto'

import { factOf, type Extracted } from '../src/core/edge/fact-of.ts'
import { parseEvent, type ParsedEvent } from '../src/core/event/parse-event.ts'
import { createExtraction, type Extraction } from '../src/core/identifier/extraction.ts'
import { identifierText } from '../src/core/identifier/identifier-text.ts'
import { parseSettings, type Settings } from '../src/core/policy/settings.ts'

export const sha256 = (text: string): string => hash('sha256', text, 'hex')

/** Settings from the JSON of a configuration file; throws with every problem. */
export function settingsOf(json: unknown = {}): Settings {
  const parsed = parseSettings(json)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 2))
  return parsed.settings
}

export const extractionOf = (json: unknown = {}): Extraction =>
  createExtraction(settingsOf(json), sha256)

export const RECEIVED_AT = Date.UTC(2026, 2, 2, 12)

export const parsed = (raw: unknown, site = 'default', historical = false): ParsedEvent =>
  parseEvent(raw, { receivedAt: RECEIVED_AT, historical, site }, sha256)

/** What one message gives; throws when it is rejected. */
export function extracted(raw: unknown, extraction = extractionOf(), site = 'default'): Extracted {
  const event = parsed(raw, site)
  if (!event.ok) throw new Error(event.reason)
  return factOf(event.event, extraction)
}

/** Edges as `cookie:c1 -login-> email:…`, hashes cut to 8 characters, sorted; `same_message` without direction. */
export function edgesIn({ fact }: Extracted): string[] {
  const names = fact.identifiers.map((identifier) => shortText(identifierText(identifier)))
  const texts = fact.edges.map(({ from, to, kind }) => {
    const ends = [names[from], names[to]]
    return kind === 'same_message'
      ? inOrder(ends).join(' -same_message- ')
      : ends.join(` -${kind}-> `)
  })
  return texts.toSorted()
}

const inOrder = (texts: readonly (string | undefined)[]): string[] =>
  texts.filter((text) => text !== undefined).toSorted()

/** Identifiers as text, hashes cut to their first 8 characters, in order. */
export const identifiersIn = ({ fact }: Extracted): string[] =>
  fact.identifiers.map((identifier) => shortText(identifierText(identifier)))

const shortText = (text: string): string =>
  text.replaceAll(/[0-9a-f]{64}/g, (digest) => digest.slice(0, 8))

/** The first 8 characters of the digest of a normal form, as `edgesIn` shows it. */
export const short = (normal: string): string => sha256(normal).slice(0, 8)
