// What was learned comes back as it was written; whatever else lies there is nothing learned, and is said.
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PAIR_BIN_COUNTS } from '../../core/evidence/learned/model.ts'
import { BIN_COUNTS } from '../../core/evidence/learned/signals.ts'
import type { Knowledge } from '../../core/policy/knowledge.ts'
import { writeDrift } from './drift-file.ts'
import { readKnowledge, writeKnowledge } from './knowledge-file.ts'
import { accountLayout } from './layout.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-knowledge-'))
})
afterEach(() => rm(directory, { recursive: true }))

const layoutHere = () => ({
  ...accountLayout(directory, 'default'),
  knowledgeFile: join(directory, 'default.json'),
  driftFile: join(directory, 'default.drift'),
})

const knowledge = (version: string): Knowledge => ({
  version,
  stopped: false,
  model: {
    bias: -40,
    joinFrom: 2_500,
    weights: BIN_COUNTS.map((bins) => Int32Array.from({ length: bins }, (_, bin) => bin * 3)),
    pairWeights: PAIR_BIN_COUNTS.map((bins) => new Int32Array(bins)),
  },
  witnesses: {
    number: BigInt64Array.of(-5n, 7n, 2n ** 60n),
    cookies: Uint32Array.of(2, 3, 4_000_000_000),
    devices: Uint32Array.of(1, 0, 9),
    shape: Uint8Array.of(1, 4, 2),
    cookiesInAll: 77,
    clue: Uint32Array.of(5, 4_294_967_295),
    clueCookies: Uint32Array.of(8, 9),
  },
})
const training = {
  candidatePairs: 1,
  samePairs: 1,
  differentPairs: 0,
  ruledPairs: 0,
  fittedOn: 1,
  answeredShare: 0.5,
  estimatedShare: 0.25,
  confidence: 1,
  tried: [],
  chosen: null,
  refused: null,
  seconds: 2,
}

const NO_ANSWERS = { right: 0, wrong: 0, upTo: 0, stopped: false }

test('written and read back it is the same, and what was before is gone', async () => {
  const layout = layoutHere()
  await writeKnowledge(layout, { knowledge: knowledge('one'), training })
  await writeKnowledge(layout, { knowledge: knowledge('two'), training })
  expect(await readKnowledge(layout)).toEqual({
    knowledge: knowledge('two'),
    training,
    notice: null,
    drift: { version: 'two', ...NO_ANSWERS },
  })
  expect((await readdir(directory)).toSorted()).toEqual(['default-two.witnesses', 'default.json'])
})

test('answers of new logins stay until other knowledge comes; damaged or of another they are none', async () => {
  const layout = layoutHere()
  await writeKnowledge(layout, { knowledge: knowledge('one'), training })
  const drift = { version: 'one', right: 3, wrong: 40, upTo: 9, stopped: true }
  await writeDrift(layout, drift)
  const stopped = { ...knowledge('one'), stopped: true }
  expect(await readKnowledge(layout)).toMatchObject({ knowledge: stopped, drift })
  await writeDrift(layout, { ...drift, version: 'other' })
  const none = { knowledge: knowledge('one'), drift: { version: 'one', ...NO_ANSWERS } }
  expect(await readKnowledge(layout)).toMatchObject(none)
  await writeFile(layout.driftFile, '{"format":1,"version":"one","wrong":-3')
  expect(await readKnowledge(layout)).toMatchObject(none)
  await writeDrift(layout, drift)
  await writeKnowledge(layout, { knowledge: knowledge('one'), training })
  expect(await readKnowledge(layout)).toMatchObject(none)
})

test('what another account has learned, whose name begins the same, stays', async () => {
  const layout = layoutHere()
  const other = { ...layout, knowledgeFile: join(directory, 'default-two.json') }
  await writeKnowledge(other, { knowledge: knowledge('one'), training })
  await writeKnowledge(layout, { knowledge: knowledge('one'), training })
  expect(await readKnowledge(other)).toMatchObject({ knowledge: knowledge('one') })
})

test('nothing was learned yet, or not well enough', async () => {
  const layout = layoutHere()
  expect(await readKnowledge(layout)).toMatchObject({
    knowledge: null,
    training: null,
    notice: null,
  })
  const refused = { ...training, refused: 'too few' }
  await writeKnowledge(layout, { knowledge: null, training: refused })
  expect(await readKnowledge(layout)).toMatchObject({
    knowledge: null,
    training: refused,
    notice: null,
  })
})

test.each([
  ['a JSON that is cut', async (path: string) => truncate(path, 40)],
  ['arrays that are cut', async () => truncate(join(directory, 'default-one.witnesses'), 50)],
  ['arrays that are gone', async () => rm(join(directory, 'default-one.witnesses'))],
  [
    'arrays with a bit turned',
    async () => {
      const path = join(directory, 'default-one.witnesses')
      const bytes = await readFile(path)
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 4
      await writeFile(path, bytes)
    },
  ],
  [
    'a weight that somebody has changed',
    async (path: string) => {
      const text = await readFile(path, 'utf8')
      await writeFile(path, text.replace('"bias": -40', '"bias": 4000'))
    },
  ],
  [
    'a signal that this version does not know',
    async (path: string) => {
      const text = await readFile(path, 'utf8')
      await writeFile(path, text.replace('"browser"', '"hat"'))
    },
  ],
])('%s is nothing learned, and is said', async (_name, damage) => {
  const layout = layoutHere()
  await writeKnowledge(layout, { knowledge: knowledge('one'), training })
  await damage(layout.knowledgeFile)
  const learnt = await readKnowledge(layout)
  expect(learnt.knowledge).toBeNull()
  expect(learnt.notice).toContain('by the fixed rules until the next run has learned it again')
})
