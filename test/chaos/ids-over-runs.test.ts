// Ids over many runs while data comes in: who is not touched by it keeps the id, and every id that was ever published
// still leads somewhere. SELFSAME_WORLD_PEOPLE sets how large the world is.
import { expect, test, vi } from 'vitest'

import { withAccount, type OnAccount, type Timed } from '../batch/account.ts'
import { simulate } from '../../src/simulator/index.ts'
import { SEED } from './random.ts'

const PEOPLE = Number(process.env['SELFSAME_WORLD_PEOPLE'] ?? 60)
const SLICES = process.env['SELFSAME_KILLS'] === undefined ? 4 : 10
const DAYS = 40
const START_AT = Date.UTC(2026, 0, 1)
const KEPT_MIN = 0.995
const ALL = 10_000_000

vi.setConfig({ testTimeout: 120_000 + PEOPLE * SLICES * 50 })

function world(): readonly Timed[] {
  const messages: Timed[] = []
  const options = { people: PEOPLE, days: DAYS, seed: SEED, hard: true, startAt: START_AT }
  for (const { message, site, receivedAt } of simulate(options)) {
    if (!message.anonymousId && !message.userId) continue
    messages.push({ at: receivedAt, sent: { site, raw: { ...message } } })
  }
  return messages
}

/** Profile -> its members. */
async function profiles({ account }: OnAccount): Promise<ReadonlyMap<string, readonly string[]>> {
  await account.resolver.flush()
  const found = new Map<string, string[]>()
  for (const { key, profile } of await account.store.scanNodes('', ALL)) {
    if (profile === '') continue
    const members = found.get(profile)
    if (members === undefined) found.set(profile, [key])
    else members.push(key)
  }
  return found
}

test(`over ${SLICES} runs of growing data the ids stay (seed ${SEED})`, async () => {
  await withAccount({}, async (on) => {
    const messages = world()
    const published = new Set<string>()
    let [untouched, kept] = [0, 0]
    for (let slice = 0; slice < SLICES; slice++) {
      const before = await profiles(on)
      const [from, to] = [slice, slice + 1].map((n) => Math.floor((n * messages.length) / SLICES))
      const named = await on.take(messages.slice(from, to))
      const { run } = await on.run()
      expect(run).toBe(slice + 1)
      const now = await profiles(on)
      const home = new Map([...now].flatMap(([id, members]) => members.map((key) => [key, id])))
      for (const [id, members] of before) {
        if (members.some((key) => named.has(key))) continue
        untouched++
        if (members.every((key) => home.get(key) === id)) kept++
      }
      for (const id of now.keys()) published.add(id)
    }
    expect(untouched).toBeGreaterThan(SLICES)
    expect(kept / untouched).toBeGreaterThanOrEqual(KEPT_MIN)
    for (const { profile, from } of await on.account.store.changes(0, ALL))
      for (const id of [profile, ...from]) published.add(id)
    const lost: string[] = []
    for (const id of published) if ((await on.account.store.profile(id)) === null) lost.push(id)
    expect(lost).toEqual([])
    expect(await on.verify()).toMatchObject({ differences: [], waiting: 0 })
    process.stderr.write(
      `${kept} of ${untouched} untouched profiles kept their id, ${published.size} ids lead on\n`,
    )
  })
})
