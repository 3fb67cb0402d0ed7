// A run asks about visitors who are alike, over a real log and a real engine; what becomes of the question afterwards.
import { expect, test } from 'vitest'
import { asking } from '../../test/batch/asking.ts'
import { withLog } from '../../test/batch/engine.ts'
import { settingsOf, sha256 } from '../../test/extraction.ts'
import { digest } from '../../test/worlds/small-world.ts'
import { NO_CLUES } from '../core/edge/clue.ts'
import type { FactEdge } from '../core/edge/fact.ts'
import { type Identifier, keyOf } from '../core/identifier/identifier.ts'
import { compilePolicy } from '../core/policy/compile-policy.ts'
import type { Decree } from '../core/profile/apply-decree.ts'
import type { LogRecord } from '../ports/event-log.ts'

const policy = compilePolicy(settingsOf(), sha256)
const HOUR_MS = 3_600_000
const START = Date.UTC(2026, 0, 5)

const idOf = (type: string, value: string): Identifier => {
  const namespace = type === 'device_signature' ? 'gpu+screen@1' : ''
  return { type, namespace, value, key: keyOf(digest, 'default', type, namespace, value) }
}
const key = (type: string, value: string) => idOf(type, value).key

interface Visit {
  readonly cookie: string
  readonly hour: number
  readonly ip: string
  readonly device: string
  readonly page: string
  readonly email?: string
}

let serial = 0
function visit({ cookie, hour, ip, device, page, email }: Visit): LogRecord {
  const id = `v${serial++}`
  const at = START + hour * HOUR_MS
  const identifiers = [idOf('cookie', cookie), idOf('ip', ip), idOf('device_signature', device)]
  const edges: FactEdge[] = [
    { from: 0, to: 1, kind: 'ip_match' },
    { from: 0, to: 2, kind: 'same_session' },
  ]
  if (email !== undefined) {
    identifiers.push(idOf('email', email))
    edges.push({ from: 0, to: 3, kind: 'login' })
  }
  const receivedAt = at + serial
  const said = { type: 'page', name: '', at, receivedAt } as const
  const fact = {
    id,
    account: 'default',
    site: 'shop',
    ...said,
    identifiers,
    edges,
    clues: NO_CLUES,
  }
  const raw = JSON.stringify({ context: { page: { url: `https://shop.example/${page}?x=1` } } })
  return { kind: 'message', fact, extractionVersion: 1, raw }
}

/** Two visitors at home with alike devices who read the same, two people of another home, and a stranger. */
const world = (): LogRecord[] => [
  visit({ cookie: 'old', hour: 8, ip: 'home', device: 'phone', page: 'rare' }),
  visit({ cookie: 'old', hour: 8, ip: 'home', device: 'phone', page: 'rarer' }),
  visit({ cookie: 'new', hour: 8, ip: 'home', device: 'phone', page: 'rare' }),
  visit({ cookie: 'new', hour: 8, ip: 'home', device: 'phone', page: 'rarer' }),
  visit({ cookie: 'ann', hour: 9, ip: 'flat', device: 'laptop', page: 'a', email: 'ann@x.org' }),
  visit({ cookie: 'bob', hour: 9, ip: 'flat', device: 'laptop', page: 'a', email: 'bob@x.org' }),
  visit({ cookie: 'far', hour: 8, ip: 'hotel', device: 'phone', page: 'rare' }),
]

const decision = (decree: Decree): LogRecord => ({
  kind: 'decision',
  id: `d${serial++}`,
  at: START,
  author: 'sam',
  decision: decree,
})

const asked = {
  guard: 'threshold',
  reason: 'same address within the hour 0.30, same device 0.60, alike in what they read 0.20',
}

test('who is alike is asked about once, and the question outlives what happens to its sides', async () => {
  await withLog(world(), async (on) => {
    const { run, more, questions } = await asking(on, policy)
    expect((await run()).stand).toBe(1)
    const [question, ...others] = await questions()
    expect(others).toEqual([])
    expect(question).toMatchObject(asked)
    expect([question?.a, question?.b]).toEqual(
      [key('cookie', 'old'), key('cookie', 'new')].toSorted(),
    )
    expect(await run()).toEqual({ stand: 1, commits: 0 })
    expect(await questions()).toEqual([question])

    await more(
      visit({ cookie: 'new', hour: 30, ip: 'x', device: 'y', page: 'z', email: 'n@x.org' }),
    )
    expect(await questions()).toEqual([question])
    await more(
      visit({ cookie: 'old', hour: 30, ip: 'x', device: 'y', page: 'z', email: 'n@x.org' }),
    )
    expect(await questions()).toEqual([])
    expect((await run()).stand).toBe(0)
  })
})

const answers: readonly (readonly [string, Decree])[] = [
  [
    'a verdict',
    {
      type: 'verdict',
      verdict: 'different',
      a: [key('cookie', 'old')],
      b: [key('cookie', 'new')],
      note: '',
    },
  ],
  ['a quarantine', { type: 'quarantine', identifier: key('cookie', 'new'), note: '' }],
  ['an erasure', { type: 'erasure', identifiers: [key('cookie', 'new')] }],
]

test.each(answers)('%s ends the question, and no run asks again', async (_name, decree) => {
  await withLog(world(), async (on) => {
    const { run, more, questions } = await asking(on, policy)
    await run()
    expect(await questions()).toHaveLength(1)
    await more(decision(decree))
    expect(await questions()).toEqual([])
    expect(await run()).toEqual({ stand: 0, commits: 0 })
    expect(await questions()).toEqual([])
  })
})

test('what is no longer alike is taken back by the next run', async () => {
  await withLog(world(), async (on) => {
    const { run, more, questions } = await asking(on, policy)
    await run()
    await more(
      decision({ type: 'quarantine', identifier: key('device_signature', 'phone'), note: '' }),
    )
    expect(await questions()).toHaveLength(1)
    expect((await run()).stand).toBe(0)
    expect(await questions()).toEqual([])
  })
})
