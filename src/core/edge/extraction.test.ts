// What holds of every message: extraction never throws, reads no order of keys, and never crosses accounts.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { extractionOf, parsed } from '../../../test/extraction.ts'
import { message } from '../../../test/messages.ts'
import type { Extraction } from '../identifier/extraction.ts'
import { redactContacts } from '../identifier/redact-contacts.ts'
import { keyOf } from '../identifier/identifier.ts'
import { factOf, type Extracted } from './fact-of.ts'

const configuration = {
  phone: { defaultRegion: 'US' },
  sites: { clinic: { crossSite: false } },
  identifierTypes: {
    card: { role: 'member', from: ['traits.card', 'properties.card'] },
    tv: { role: 'witness', from: ['context.userAgent'], normalise: 'lower' },
  },
}
const extraction = extractionOf(configuration)

function extractedBy(one: Extraction, raw: unknown, site = 'default'): Extracted | string {
  const event = parsed(raw, site)
  return event.ok ? factOf(event.event, one) : event.reason
}

// What was refused may differ in its reason: a malformed address is malformed in another way once it is hidden.
const factIn = (result: Extracted | string) => (typeof result === 'string' ? result : result.fact)

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, reversed(item)] as const)
  return Object.fromEntries(entries.toReversed())
}

test('a fact is well formed: identifiers once, edges once, between two of them', () => {
  fc.assert(
    fc.property(fc.oneof(message, fc.anything()), (raw) => {
      const result = extractedBy(extraction, raw)
      if (typeof result === 'string') return
      const { identifiers, edges } = result.fact
      expect(new Set(identifiers.map(({ key }) => key)).size).toBe(identifiers.length)
      expect(new Set(edges.map((edge) => JSON.stringify(edge))).size).toBe(edges.length)
      for (const { from, to, kind } of edges) {
        expect(from).not.toBe(to)
        const ends = [identifiers[from], identifiers[to]].flatMap((end) => end ?? [])
        expect(ends).toHaveLength(2)
        const ascends = (ends[0]?.key ?? '') < (ends[1]?.key ?? '')
        expect(kind !== 'same_message' || ascends).toBe(true)
      }
    }),
  )
})

test('the order of keys is irrelevant, and so is what was extracted before', () => {
  fc.assert(
    fc.property(message, (raw) => {
      const fresh = extractionOf(configuration)
      expect(extractedBy(fresh, reversed(raw))).toEqual(extractedBy(extraction, raw))
    }),
  )
})

test('different accounts, and sites that keep to themselves, never share a key', () => {
  const other = extractionOf({ ...configuration, account: 'other' })
  fc.assert(
    fc.property(message, message, (a, b) => {
      const keys = [
        extractedBy(extraction, a),
        extractedBy(extraction, b, 'clinic'),
        extractedBy(other, a),
        extractedBy(other, b, 'clinic'),
      ].map((result) =>
        typeof result === 'string' ? [] : result.fact.identifiers.map(({ key }) => key),
      )
      expect(new Set(keys.flat()).size).toBe(keys.flat().length)
    }),
  )
})

test('keys begin with the account, and every part stands apart', () => {
  const seen: string[] = []
  const key = keyOf((text) => (seen.push(text), text), 'acme', 'cookie', '@shop', 'c1')
  expect(key).toBe('acme\u001fcookie\u001f@shop\u001fc1')
  expect(seen).toHaveLength(1)
})

test('a redacted message gives the fact of the plain one', () => {
  fc.assert(
    fc.property(message, (raw) => {
      const redacted = redactContacts(extraction, raw)
      const plain = extractedBy(extraction, raw)
      const hidden = extractedBy(extraction, redacted)
      expect(factIn(hidden)).toEqual(factIn(plain))
      expect(redactContacts(extraction, redacted)).toEqual(redacted)
    }),
  )
})
