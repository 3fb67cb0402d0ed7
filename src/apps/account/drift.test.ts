// New logins contradict what was learned: counted over restarts, then nobody else is joined, until a run or other settings.
import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'

import { type OnAccount, type Timed, withAccount } from '../../../test/batch/account.ts'
import { signUp } from '../../../test/scenarios/messages.ts'
import { learnedHomes, signIn, visit } from '../../../test/worlds/homes.ts'
import { learnAccount } from '../batch/run-account.ts'
import { accountLookUps } from '../answers/account-look-ups.ts'
import { answerOfKnowledge } from '../answers/knowledge-answer.ts'

const AT = Date.UTC(2026, 0, 1, 10)

const HOMES = 20
const every = (make: (home: number) => Timed['sent'], from = 0, to = HOMES): readonly Timed[] =>
  Array.from({ length: to - from }, (_, n) => ({ at: AT + n, sent: make(from + n) }))

/** Under the model, two visitors in every home, of whom one has signed in. */
async function knowing(on: OnAccount, homes: number): Promise<void> {
  const { account } = on
  const { settings } = account.active
  const learned = learnedHomes()
  await account.activate({ settings, learned }, account.resolver.applied)
  await account.settle()
  await on.take(every((home) => visit('a', home), 0, homes))
  await on.take(every((home) => visit('b', home), 0, homes))
  await on.take(every((home) => signIn('a', home, `ana-${home}`), 0, homes))
}

async function areOne({ account }: OnAccount, home: number): Promise<boolean> {
  const lookUps = accountLookUps(account)
  const [a, b] = [
    await lookUps.profile(`cookie:c-a-${home}`),
    await lookUps.profile(`cookie:c-b-${home}`),
  ]
  if (!a.ok || !b.ok) throw new Error(`nobody is at home ${home}`)
  return a.value.id === b.value.id
}

test('answers outlast a restart; the twentieth stops the model, whom it joined stays, nobody else is joined', async () => {
  await withAccount({}, async (on) => {
    await knowing(on, HOMES + 1)
    expect(await areOne(on, 0)).toBe(true)
    await on.take(every((home) => signIn('b', home, `ana-${home}`), 0, 2))
    await on.take(every((home) => signIn('b', home, `ben-${home}`), 2, 12))
    expect(on.account.learned.drift).toMatchObject({ right: 2, wrong: 10, stopped: false })
    expect(await on.reopen()).toEqual([])
    expect(on.account.learned.drift).toMatchObject({ right: 2, wrong: 10, stopped: false })
    await on.take(every((home) => signIn('b', home, `ben-${home}`), 12))
    expect(on.account.learned.drift).toMatchObject({ right: 2, wrong: 18, stopped: true })
    const contradicted = 'new logins contradict model homes (18 of 20 cookies'
    expect(await on.reopen()).toEqual([expect.stringContaining(contradicted)])
    expect(answerOfKnowledge(on.account)).toMatchObject({
      version: 'homes',
      used: false,
      reason: expect.stringContaining(contradicted) as string,
      drift: { stopped: true },
    })
    await on.take([visit('a', 50), visit('b', 50)].map((sent) => ({ at: AT, sent })))
    expect([await areOne(on, HOMES), await areOne(on, 50)]).toEqual([true, false])
    // With a name of his own he is still who he was joined with.
    await on.take([{ at: AT, sent: signUp(`c-a-${HOMES}`, 'ana@example.com') }])
    expect(await areOne(on, HOMES)).toBe(true)
    // What stays joined follows from no rebuild, so it is not held against one.
    expect(on.account.active.settled).toBe(false)
    const { training } = await on.run()
    expect(training?.refused).toMatch(/^logins answer for \d+ pairs/)
    expect(answerOfKnowledge(on.account)).toMatchObject({
      version: null,
      used: false,
      reason: training?.refused,
      drift: { right: 0, wrong: 0, stopped: false },
    })
    expect(on.account.active.settled).toBe(true)
    expect((await on.verify()).differences).toEqual([])
    expect(await areOne(on, HOMES)).toBe(false)
  })
})

test('going back to the fixed rules is a policy of its own: a run takes apart what the model joined', async () => {
  await withAccount({}, async (on) => {
    await knowing(on, 3)
    const { version } = on.account.active.policy
    expect([await areOne(on, 0), (await on.verify()).differences]).toEqual([true, []])
    const { training, differences } = await on.run({ learned: { use: false } })
    expect([training, differences.splits]).toEqual([null, 3])
    expect(on.account.active.policy.version).not.toBe(version)
    expect([await areOne(on, 0), (await on.verify()).differences]).toEqual([false, []])
    const why = '"learned.use" is false in the active policy'
    expect(answerOfKnowledge(on.account)).toMatchObject({ used: false, reason: why })
    await on.reopen()
    await on.take([visit('a', 50), visit('b', 50)].map((sent) => ({ at: AT, sent })))
    expect(await areOne(on, 50)).toBe(false)
  })
})

test('learning decides what comes from then on; the rest waits for a run', async () => {
  await withAccount({}, async (on) => {
    await knowing(on, 3)
    const { account } = on
    const options = { memoryMegabytesMax: 512, threads: 2, told: () => undefined, at: AT }
    const training = await learnAccount(account, { ...options, signal: AbortSignal.any([]) })
    expect(training?.refused).toMatch(/^logins answer for \d+ pairs/)
    expect([account.active.policy.knowledge, account.active.settled]).toEqual([null, false])
    expect(await areOne(on, 0)).toBe(true)
    await on.take([visit('a', 50), visit('b', 50)].map((sent) => ({ at: AT, sent })))
    expect(await areOne(on, 50)).toBe(false)
    await on.run()
    expect([await areOne(on, 0), account.active.settled]).toEqual([false, true])
    expect((await on.verify()).differences).toEqual([])
  })
})

test('where what was learned is lost, that is said, and nothing passes for decided until a run', async () => {
  await withAccount({}, async (on) => {
    await knowing(on, 3)
    const { knowledgeFile } = on.account.layout
    await rm(knowledgeFile)
    expect(await on.reopen()).toEqual([
      'what was learned last (model homes) is not there any more: whoever is decided goes by the fixed rules until the next run has learned it again',
      expect.stringMatching(/^not all profiles are decided yet .*: run `selfsame resolve`$/),
    ])
    expect([on.account.active.settled, await areOne(on, 0)]).toEqual([false, true])
    expect(answerOfKnowledge(on.account).reason).toContain('(model homes) is not there any more')
    await on.run()
    expect([await areOne(on, 0), on.account.active.settled]).toEqual([false, true])
    expect((await on.verify()).differences).toEqual([])
    expect(await on.reopen()).toEqual([])
  })
})
