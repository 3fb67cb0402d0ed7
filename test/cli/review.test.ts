// A steward at a terminal: the queue, one question, a decision that outlives a run and a rebuild, taking it back; also
// through a server.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { ReviewAnswer, ReviewsAnswer } from '../../src/apps/answers/review-answer.ts'
import { fails, folder, run, runJson, serve } from './run.ts'

async function worldWithQuestions(configuration?: object): Promise<string> {
  const cwd = await folder()
  if (configuration !== undefined)
    await writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify(configuration))
  await run(['simulate', '--people', '200', '--seed', '5', '--hard', '--out', 'w.ndjson'], { cwd })
  await run(['ingest', 'w.ndjson'], { cwd })
  await run(['resolve'], { cwd })
  return cwd
}

const listed = async (cwd: string, ...more: readonly string[]): Promise<ReviewsAnswer> =>
  runJson<ReviewsAnswer>(['review', 'list', ...more], { cwd })

test('a decision by hand: shown before, told after, kept through a run and a rebuild, taken back', async () => {
  const cwd = await worldWithQuestions()
  const { reviews } = await listed(cwd)
  const worths = reviews.map(({ worth }) => worth ?? 0)
  expect(worths).toEqual(worths.toSorted((x, y) => y - x))
  const [first] = reviews
  if (first === undefined) throw new Error('nobody is asked anything')
  const { id } = first
  const table = await run(['review'], { cwd })
  expect(table.stdout).toContain(id)
  const shown = await run(['review', 'show', id], { cwd })
  expect(shown.stdout).toMatch(/^Are these two one person\?$/m)
  expect(shown.stdout).toContain(`review decide ${id} same|different`)

  const decided = await run(['review', 'decide', id, 'same', '--note', 'one name', '--as', 'sam'], {
    cwd,
  })
  expect(decided.stdout).toMatch(new RegExp(`^${id} is decided as same: both are prf_`))
  expect((await listed(cwd)).reviews.some((one) => one.id === id)).toBe(false)
  await fails(['review', 'decide', id, 'different'], { cwd }, 1, 'sam has decided it as same')
  await run(['resolve'], { cwd })
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true })
  const [mine] = (await listed(cwd, '--decided')).reviews
  expect(mine).toMatchObject({
    id,
    status: 'decided',
    decision: { verdict: 'same', author: 'sam', note: 'one name' },
  })
  expect(mine?.a.profile).toBe(mine?.b.profile)

  const undone = await run(['review', 'undo', id, '--as', 'kim'], { cwd })
  expect(undone.stdout).toBe(`Taken back: ${id} is asked again.\n`)
  const again = (await listed(cwd, '--limit', '200')).reviews.find((one) => one.id === id)
  expect(again?.a.profile).not.toBe(again?.b.profile)
  expect((await run(['review', 'list', '--decided'], { cwd })).stdout).toBe(
    'Nothing has been decided.\n',
  )
  await fails(['review', 'undo', id], { cwd }, 1, `nobody has decided ${id}`)
  await fails(['review', 'decide', id, 'perhaps'], { cwd }, 2, 'same, different')
  await fails(['review', 'show', 'rev_never'], { cwd }, 1, 'nobody asks rev_never')
})

test('through a server, which names who decides', async () => {
  const cwd = await worldWithQuestions()
  const server = await serve(cwd)
  try {
    const [first] = (await listed(cwd)).reviews
    const id = first?.id ?? ''
    const decided = await runJson<ReviewAnswer>(
      ['review', 'decide', id, 'different', '--as', 'Žofie'],
      { cwd },
    )
    expect(decided.decision).toMatchObject({ verdict: 'different', author: 'Žofie' })
    await fails(['review', 'decide', id, 'same'], { cwd }, 1, 'Žofie has decided it as different')
    expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true })
  } finally {
    await server.stop()
  }
})

test('where a merge takes two, the first word waits for the second, also for the next command', async () => {
  const cwd = await worldWithQuestions({ review: { fourEyesFrom: 2 } })
  const [first] = (await listed(cwd)).reviews
  const id = first?.id ?? ''
  const same = (name: string) =>
    run(['review', 'decide', id, 'same', '--note', `by ${name}`, '--as', name], { cwd })
  expect((await same('ana')).stdout).toBe(
    `${id} is not decided yet: ana has said "same", and so large a merge takes a second steward.\n`,
  )
  const shown = (await run(['review', 'show', id], { cwd })).stdout.replaceAll(/\s+/g, ' ')
  expect(shown).toMatch(/takes two stewards \(from 2 on\); ana has said "same", .*: by ana\./)
  expect(shown).toMatch(/If they are the same: prf_\w+ goes on, with \d+ identifiers? and /)
  await fails(['review', 'decide', id, 'same', '--as', 'ana'], { cwd }, 1, 'you have said so')
  expect((await same('bea')).stdout).toMatch(/is decided as same: both are prf_/)
  expect((await listed(cwd, '--decided')).reviews[0]?.decision).toMatchObject({
    author: 'ana, bea',
    note: 'ana: by ana\nbea: by bea',
  })
})
