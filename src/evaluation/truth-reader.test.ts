// The truth is read the same however the file is cut into pieces, and a bad line is named.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { TruthReader, type TruthRow } from './truth-reader.ts'

function readPieces(pieces: readonly string[]): { reader: TruthReader; rows: TruthRow[] } {
  const reader = new TruthReader()
  const rows: TruthRow[] = []
  for (const piece of pieces) rows.push(...reader.read(piece))
  rows.push(...reader.end())
  return { reader, rows }
}

const read = (text: string) => readPieces([text])

const problemOf = (text: string) => read(text).reader.problem

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`

const fieldArb = fc
  .string({
    unit: fc.constantFrom('a', 'b', ':', '@', ',', '"', '\n', ' ', '\r'),
    minLength: 1,
    maxLength: 12,
  })
  .map((text) => `x${text}x`)

test('gives back what was written, cut anywhere', () => {
  const plain = (field: string) => (/[",\r\n]/.test(field) ? quoted(field) : field)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fieldArb, fieldArb)),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (rows, feed, ends, lengths) => {
        const lines = ['identifier,person', ...rows.map((row) => row.map(plain).join(','))]
        const text = lines.join(feed) + (ends ? feed : '')
        const pieces: string[] = []
        for (let at = 0; at < text.length;) {
          const length = lengths.next().value as number
          pieces.push(text.slice(at, at + length))
          at += length
        }
        const { reader, rows: found } = readPieces(pieces)
        expect(reader.problem).toBeNull()
        expect(found.map(({ subject, person }) => [subject, person])).toEqual(rows)
      },
    ),
  )
})

describe('understands', () => {
  test('the three heads, a byte order mark, spaces and empty lines', () => {
    expect(read('identifier,person\nemail:a@x.io,p1\n').rows).toEqual([
      { subject: 'email:a@x.io', person: 'p1', line: 2 },
    ])
    expect(read('\uFEFF"Cookie", Person\r\n\r\n c1 ,p1').rows).toEqual([
      { subject: 'cookie:c1', person: 'p1', line: 3 },
    ])
    const { reader, rows } = read('event_id,person\ne1,p1\n')
    expect(reader.kind).toBe('event_id')
    expect(rows[0]?.subject).toBe('e1')
  })

  test('lines behind a field that holds line feeds', () => {
    expect(read('identifier,person\n"a\nb",p1\nc,p2\n').rows.map(({ line }) => line)).toEqual([
      2, 4,
    ])
  })

  test('a head alone', () => {
    expect(read('identifier,person').reader).toMatchObject({ problem: null, kind: 'identifier' })
  })
})

describe('refuses', () => {
  test.each<[name: string, text: string, line: number, words: string]>([
    ['nothing', '', 1, 'the file is empty'],
    ['another head', 'id,who\na,b\n', 1, 'is "id,who"; it must be one of "identifier,person"'],
    ['no head', 'email:a@x.io,p1\n', 1, 'must be one of'],
    ['a third column', 'cookie,person\nc1,p1\nc2,p2,0.5\n', 3, 'has 3 fields'],
    ['one column', 'cookie,person\nc1\n', 2, 'has 1 field, not the two of "cookie,person"'],
    ['no person', 'cookie,person\nc1,\n', 2, 'has no person'],
    ['no event', 'event_id,person\n,p1\n', 2, 'has no event_id'],
    ['an open quote', 'cookie,person\nc0,p1\n"c1,p1\nc2,p2\n', 3, 'quote'],
    ['text beside quotes', 'cookie,person\n"c"1,p1\n', 2, 'quote'],
    ['a quote within', 'cookie,person\nc"1,p1\n', 2, 'quote'],
  ])('%s', (_name, text, line, words) => {
    expect(problemOf(text)).toMatchObject({ line })
    expect(problemOf(text)?.message).toContain(`line ${line} `)
    expect(problemOf(text)?.message).toContain(words)
  })

  test('and stops there, early on an endless quote', () => {
    expect(read('cookie,person\nc1,p1\nc2\nc3,p3\n').rows).toHaveLength(1)
    const { reader } = readPieces([
      'cookie,person\n"',
      ...Array.from({ length: 40 }, () => 'x'.repeat(999)),
    ])
    expect(reader.problem).toMatchObject({ reason: 'quotes', line: 2 })
  })
})
