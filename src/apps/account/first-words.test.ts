// What first stewards said: kept over restarts, so many at most, begun anew where the file is damaged.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { withAccount } from '../../../test/batch/account.ts'
import { type FirstWord, FIRST_WORDS_MAX, FirstWords } from './first-words.ts'
import { accountLayout, type AccountLayout } from './layout.ts'

interface OnWords {
  readonly layout: AccountLayout
  readonly open: () => Promise<FirstWords>
  readonly noticed: readonly string[]
}

async function withWords(work: (on: OnWords) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-words-'))
  const layout = accountLayout(directory, 'default')
  const noticed: string[] = []
  const open = () => FirstWords.open(layout, (line) => void noticed.push(line))
  try {
    await work({ layout, open, noticed })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const word = (a: string, b: string, note = ''): FirstWord => {
  const profiles: FirstWord['profiles'] = [
    { profile: a, revision: 1 },
    { profile: b, revision: 4 },
  ]
  return { profiles, by: 'sam', token: 'key_1', at: 7, note }
}

const seen = (profile: string, revision: number) => ({ profile, revision, identifiers: 9 })

test('outlives a restart, in whichever order the two are named; not another revision of one', () =>
  withWords(async ({ open, noticed }) => {
    const words = await open()
    const said = word('prf_a', 'prf_b', 'one flat')
    await words.note(said)
    const again = await open()
    expect(again.of([seen('prf_b', 4), seen('prf_a', 1)])).toEqual(said)
    expect(again.of([seen('prf_a', 2), seen('prf_b', 4)])).toBeNull()
    expect(again.of([seen('prf_a', 1), seen('prf_c', 4)])).toBeNull()
    await again.forget([seen('prf_b', 5), seen('prf_a', 1)])
    expect((await open()).of([seen('prf_a', 1), seen('prf_b', 4)])).toBeNull()
    expect(noticed).toEqual([])
  }))

test('past the limit the oldest gives way, and what is said again is new', () =>
  withWords(async ({ layout, open }) => {
    const words = Array.from({ length: FIRST_WORDS_MAX }, (_, i) => word(`prf_${i}`, 'prf_z'))
    const first = await open()
    await first.note(word('prf_0', 'prf_z'))
    await writeFile(layout.firstWordsFile, JSON.stringify({ format: 1, words }))
    const full = await open()
    await full.note(word('prf_0', 'prf_z', 'again'))
    await full.note(word('prf_more', 'prf_z'))
    const after = await open()
    const noteOf = (id: string) => after.of([seen(id, 1), seen('prf_z', 4)])?.note
    expect([noteOf('prf_0'), noteOf('prf_1'), noteOf('prf_2')]).toEqual(['again', undefined, ''])
  }))

test('a damaged file is told, and begun anew', () =>
  withAccount({}, async (on) => {
    await on.account.firstWords.note(word('prf_a', 'prf_b'))
    const file = on.account.layout.firstWordsFile
    expect(await on.reopen()).toEqual([])
    expect(on.account.firstWords.of([seen('prf_a', 1), seen('prf_b', 4)])).not.toBeNull()
    for (const damaged of ['{"format":1,"words":[{}]}', 'x', '{"format":2,"words":[]}']) {
      await writeFile(file, damaged)
      expect(await on.reopen()).toEqual([expect.stringContaining('is damaged: merges that waited')])
      expect(on.account.firstWords.of([seen('prf_a', 1), seen('prf_b', 4)])).toBeNull()
    }
    await on.account.firstWords.note(word('prf_c', 'prf_d'))
    expect(await on.reopen()).toEqual([])
    expect(await readFile(file, 'utf8')).toContain('prf_c')
  }))
