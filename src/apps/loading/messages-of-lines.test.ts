// A line to a message: which site, when received, and what is kept of a line that is none.
import { hash } from 'node:crypto'

import { expect, test } from 'vitest'

import { createExtraction, parseSettings } from '../../core/index.ts'
import { messagesOfLines, rawToKeep } from './messages-of-lines.ts'
import type { LineBatch } from './split-lines.ts'

const NOW = Date.UTC(2026, 2, 2)

function extractionOf(settings: object) {
  const parsed = parseSettings(settings)
  if (!parsed.ok) throw new Error('the settings of this test are wrong')
  return createExtraction(parsed.settings, (text) => hash('sha256', text))
}

const plain = extractionOf({})

function batchOf(...lines: readonly object[]): LineBatch {
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(''))
  const ends = [...bytes].flatMap((byte, i) => (byte === 10 ? [i] : []))
  return { firstLine: 7, bytes, ends }
}

const page = { type: 'page', anonymousId: 'c-phone', messageId: 'm' }

test.each<[fields: object, site: string, receivedAt: number]>([
  [{}, 'shop', NOW],
  [{ site: 'blog' }, 'blog', NOW],
  [{ site: null }, 'shop', NOW],
  [{ receivedAt: '2025-01-01T00:00:00Z' }, 'shop', Date.UTC(2025, 0, 1)],
  [{ receivedAt: '2027-01-01T00:00:00Z' }, 'shop', NOW],
  [{ receivedAt: 'yesterday' }, 'shop', NOW],
  [{ receivedAt: '1970-01-01T00:00:00Z' }, 'shop', NOW],
])('%j', (fields, site, receivedAt) => {
  const line = { ...page, ...fields }
  const { messages, lines } = messagesOfLines(plain, batchOf(line), {
    site: 'shop',
    now: NOW,
    others: {},
  })
  expect(lines).toEqual([7])
  expect(messages).toMatchObject([{ fact: { site, receivedAt }, raw: JSON.stringify(line) }])
})

test.each([{ site: 'No Site' }, { site: 7 }])('%j is refused', (fields) => {
  const batch = batchOf(page, { ...page, ...fields })
  const { messages, refused } = messagesOfLines(plain, batch, {
    site: 'shop',
    now: NOW,
    others: {},
  })
  expect(messages).toHaveLength(1)
  expect(refused).toMatchObject([{ line: 8, reason: 'bad_site' }])
})

test('what is kept of a refused line holds no contact where contacts are hashed', () => {
  const hashed = extractionOf({ contacts: 'hash' })
  const raw = '{"traits":{"email":"ana@example.com"}}'
  expect(rawToKeep(plain, raw)).toBe(raw)
  expect(rawToKeep(hashed, raw)).not.toContain('ana@')
  expect(rawToKeep(hashed, 'ana@example.com {')).toBeUndefined()
})

test("a line for another account's site is refused, whether it says so or the load does", () => {
  const others = { clinic: 'care' }
  const batch = batchOf({ ...page, site: 'shop' }, { ...page, site: 'clinic' }, page)
  const reasons = (site: string): string[] => {
    const { messages, refused } = messagesOfLines(plain, batch, { site, now: NOW, others })
    expect(messages.length + refused.length).toBe(3)
    return refused.map(({ line, reason, detail }) => `${line} ${reason} ${detail}`)
  }
  const said = 'bad_site the site "clinic" belongs to the account "care"'
  expect(reasons('shop')).toEqual([expect.stringContaining(`8 ${said}`)])
  expect(reasons('clinic')).toEqual(
    [8, 9].map((line) => expect.stringContaining(`${line} ${said}`) as unknown),
  )
})
