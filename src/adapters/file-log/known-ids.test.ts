// The ids of closed segments: exact through tables, runs and merges, and no more runs than the logarithm.

import * as fc from 'fast-check'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withDirectory } from '../../../test/file-log/directory.ts'
import { addToBloom, emptyBloom, mayHave } from './bloom.ts'
import { hashId, IdTable, isBefore, sortEntries, type IdHash } from './id-table.ts'
import { KnownIds } from './known-ids.ts'

function hashOf(id: string): IdHash {
  const into = new Uint32Array(4)
  hashId('message', id, into)
  return into
}

/** Hashes that often agree in their first words, as real ones hardly ever do. */
const collidingHash = fc
  .tuple(fc.constantFrom(0, 1, 0xffff_ffff), fc.nat(2), fc.nat(2), fc.nat(3))
  .map((words) => Uint32Array.from(words))

describe('a table', () => {
  test('is a set that can be cut back', () => {
    fc.assert(
      fc.property(fc.array(collidingHash), fc.nat(60), (hashes, kept) => {
        const table = new IdTable()
        const seen = new Map<string, number>()
        for (const hash of hashes) {
          expect(table.add(hash)).toBe(!seen.has(hash.join()))
          if (!seen.has(hash.join())) seen.set(hash.join(), seen.size)
        }
        expect(table.count).toBe(seen.size)
        table.truncate(kept)
        for (const hash of hashes) {
          expect(table.has(hash)).toBe((seen.get(hash.join()) ?? 0) < kept)
        }
      }),
    )
  })

  test('grows', () => {
    const table = new IdTable()
    for (let at = 0; at < 20_000; at++) expect(table.add(hashOf(`${at}`))).toBe(true)
    for (let at = 0; at < 20_000; at++) expect(table.add(hashOf(`${at}`))).toBe(false)
    expect(table.has(hashOf('20000'))).toBe(false)
  })

  test('tells a decision from a message', () => {
    const decision = new Uint32Array(4)
    hashId('decision', 'a', decision)
    expect(decision).not.toEqual(hashOf('a'))
  })
})

test('entries are sorted', () => {
  fc.assert(
    fc.property(fc.array(collidingHash), (hashes) => {
      const sorted = sortEntries(Uint32Array.from(hashes.flatMap((hash) => [...hash])))
      const expected = hashes.toSorted((a, b) =>
        isBefore(a, 0, b, 0) ? -1 : isBefore(b, 0, a, 0) ? 1 : 0,
      )
      expect([...sorted]).toEqual(expected.flatMap((hash) => [...hash]))
    }),
  )
})

test('a filter has all its members and few strangers', () => {
  const members = 20_000
  const bloom = emptyBloom(members)
  for (let at = 0; at < members; at++) addToBloom(bloom, hashOf(`member ${at}`), 0)
  let strangers = 0
  for (let at = 0; at < members; at++) {
    expect(mayHave(bloom, hashOf(`member ${at}`))).toBe(true)
    if (mayHave(bloom, hashOf(`stranger ${at}`))) strangers += 1
  }
  expect(strangers / members).toBeLessThan(0.01)
})

describe('known ids', () => {
  test('stay known through runs, merges and openings', () =>
    withDirectory(async (directory) => {
      const segments = 30
      const perSegment = 700
      let known = new KnownIds(directory, 3)
      for (let segment = 0; segment < segments; segment++) {
        const table = new IdTable()
        const first = segment * perSegment + 1
        for (let at = 0; at < perSegment; at++) table.add(hashOf(`${first + at}`))
        known.addTable(first, first + perSegment - 1, table)
        expect(known.has(hashOf(`${first}`))).toBe(true)
        await known.writeRun()
        while (await known.mergeRuns());
        if (segment % 7 > 0) continue
        known.close()
        known = new KnownIds(directory, 3)
        await known.openRuns((await readdir(directory)).map((name) => join(directory, name)))
      }
      expect(known.covers({ first: 1, last: segments * perSegment })).toBe(false)
      expect(known.covers({ first: 1, last: 27 * perSegment })).toBe(true)
      expect((await readdir(directory)).length).toBe(2)
      for (let at = 1; at <= segments * perSegment; at++) {
        expect(known.has(hashOf(`${at}`))).toBe(true)
        expect(known.has(hashOf(`-${at}`))).toBe(false)
      }
      known.close()
    }))

  test('are exact where hashes agree in their first words', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.uniqueArray(collidingHash, { selector: String })), (batches) =>
        withDirectory(async (directory) => {
          const known = new KnownIds(directory, 2)
          const added = new Set<string>()
          for (const [at, batch] of batches.filter(({ length }) => length > 0).entries()) {
            const table = new IdTable()
            for (const hash of batch) {
              table.add(hash)
              added.add(hash.join())
            }
            known.addTable(at + 1, at + 1, table)
            if (at % 2 === 0) while ((await known.writeRun()) || (await known.mergeRuns()));
          }
          for (const word of [0, 1, 2, 0xffff_ffff]) {
            for (let rest = 0; rest < 36; rest++) {
              const hash = [word, rest % 3, Math.floor(rest / 3) % 3, Math.floor(rest / 9)]
              expect(known.has(Uint32Array.from(hash))).toBe(added.has(hash.join()))
            }
          }
          known.close()
        }),
      ),
      { numRuns: 30 },
    ))
})
