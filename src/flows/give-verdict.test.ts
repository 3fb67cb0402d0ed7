// Answers to questions, on a real log and graph: they bind, are held against one another, and can be taken back.
import { expect, test } from 'vitest'

import { type OnAccount, withAccount } from '../../test/batch/account.ts'
import { page, pageAs } from '../../test/scenarios/messages.ts'
import { parseIdentifierText } from '../core/index.ts'
import { accountLookUps } from '../apps/answers/account-look-ups.ts'
import { type Answering, type Assent, Verdicts } from './give-verdict.ts'

const AT = Date.UTC(2026, 2, 2, 10)

interface OnQuestions extends OnAccount {
  readonly verdicts: Verdicts
  /** The question whether two cookies are one person, as a run asks it. */
  readonly ask: (a: string, b: string) => Promise<string>
  readonly areOne: (a: string, b: string) => Promise<boolean>
  readonly keyOf: (cookie: string) => string
}

/** Visitors who say nothing of themselves: `a`, `b`, `c`. */
async function withVisitors(work: (on: OnQuestions) => Promise<void>): Promise<void> {
  await withAccount({}, async (on) => {
    await on.take(['c-ana', 'c-ben', 'c-cem'].map((name, i) => ({ at: AT + i, sent: page(name) })))
    const profile = async (name: string): Promise<string> => {
      const found = await accountLookUps(on.account).profile(`cookie:${name}`)
      if (!found.ok) throw new Error(`nothing of ${name}`)
      return found.value.id
    }
    const keyOf = (name: string): string => {
      const parsed = parseIdentifierText(on.account.extraction, `cookie:${name}`)
      return parsed.ok ? parsed.identifier.key : ''
    }
    await work({
      ...on,
      keyOf,
      get account() {
        return on.account
      },
      verdicts: new Verdicts(on.account),
      ask: async (a, b) => {
        const pair = { evidence: 1_000_000, reason: 'alike', scoredBy: null, worth: 7 }
        const keys = { a: keyOf(a), b: keyOf(b) }
        const [id = ''] = await on.account.resolver.ask([{ ...keys, ...pair }])
        await on.account.resolver.flush()
        return id
      },
      areOne: async (a, b) => (await profile(a)) === (await profile(b)),
    })
  })
}

/** One steward's word is enough. */
const ALONE: Assent = {
  to: (_, note) => Promise.resolve({ outcome: 'given', author: 'sam', note }),
  settled: () => Promise.resolve(),
}

let given = 0
const answer = (question: string, verdict: 'same' | 'different'): Answering => {
  given++
  return {
    id: `d${given}`,
    at: AT + 9,
    author: 'sam',
    question,
    verdict,
    note: 'looked',
    seen: null,
  }
}

test('the same: they are one, what is said again stands, the opposite does not', () =>
  withVisitors(async ({ verdicts, ask, areOne, account }) => {
    const question = await ask('c-ana', 'c-ben')
    const said = await verdicts.answer(answer(question, 'same'), ALONE)
    expect(said).toMatchObject({
      outcome: 'stands',
      verdict: { verdict: 'same', author: 'sam', note: 'looked', question: { id: question } },
    })
    expect([
      await areOne('c-ana', 'c-ben'),
      (await account.store.questions(null, 9)).length,
    ]).toEqual([true, 0])
    const end = account.log.end()
    expect(await verdicts.answer(answer(question, 'same'), ALONE)).toEqual(said)
    expect(await verdicts.answer(answer(question, 'different'), ALONE)).toMatchObject({
      outcome: 'answered',
      verdict: { verdict: 'same' },
    })
    expect(account.log.end()).toBe(end)
  }))

test('taken back, they are two, and the question is open as it was; then the opposite may be said', () =>
  withVisitors(async (on) => {
    const { verdicts, ask, areOne } = on
    const question = await ask('c-ana', 'c-ben')
    const [asked] = await on.account.store.questions(null, 9)
    await verdicts.answer(answer(question, 'same'), ALONE)
    const saying = { id: 'back', at: AT + 10, author: 'kim' }
    expect(await verdicts.takeBack(question, saying)).toMatchObject({ outcome: 'taken_back' })
    expect(await areOne('c-ana', 'c-ben')).toBe(false)
    expect(await on.account.store.questions(null, 9)).toEqual([asked])
    expect(await verdicts.takeBack(question, saying)).toEqual({ outcome: 'not_answered' })
    await verdicts.answer(answer(question, 'different'), ALONE)
    expect((await on.verify()).differences).toEqual([])
    await on.reopen()
    expect(await on.account.store.verdictOn(question)).toMatchObject({ verdict: 'different' })
  }))

test('what contradicts a chain is refused, with the chain; once that is taken back it is not', () =>
  withVisitors(async ({ verdicts, ask, areOne, keyOf }) => {
    const [ab, bc, ac] = [
      await ask('c-ana', 'c-ben'),
      await ask('c-ben', 'c-cem'),
      await ask('c-ana', 'c-cem'),
    ]
    await verdicts.answer(answer(ab, 'same'), ALONE)
    await verdicts.answer(answer(bc, 'different'), ALONE)
    // It is answered by these.
    expect(await verdicts.answer(answer(ac, 'same'), ALONE)).toEqual({ outcome: 'not_asked' })
    const merge = (id: string) => {
      const sides = { a: [keyOf('c-ana')], b: [keyOf('c-cem')] }
      const saying = { id, at: AT + 9, author: 'sam' }
      const proposed = { verdict: 'same', ...sides, note: 'sure' } as const
      return verdicts.say({ proposed, of: null }, saying)
    }
    const refused = await merge('m1')
    if (refused.outcome !== 'contradicts') throw new Error(refused.outcome)
    expect(refused.chain.map(({ question }) => question?.id)).toEqual([bc])
    await verdicts.takeBack(bc, { id: 'back', at: AT + 10, author: 'kim' })
    expect(await merge('m2')).toMatchObject({ outcome: 'stands', verdict: { question: null } })
    expect(await areOne('c-ben', 'c-cem')).toBe(true)
    expect(
      await verdicts.takeBack('m2', { id: 'm2 back', at: AT + 11, author: 'sam' }),
    ).toMatchObject({ outcome: 'taken_back' })
    expect(await areOne('c-ben', 'c-cem')).toBe(false)
  }))

test('two at once: one answer stands, the other is told', () =>
  withVisitors(async ({ verdicts, ask }) => {
    const question = await ask('c-ana', 'c-ben')
    const outcomes = await Promise.all([
      verdicts.answer(answer(question, 'same'), ALONE),
      verdicts.answer(answer(question, 'different'), ALONE),
    ])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stands', 'answered'])
  }))

test('who has changed since it was shown is looked at again; what nobody asks is not answered', () =>
  withVisitors(async (on) => {
    const question = await on.ask('c-ana', 'c-ben')
    const seen = { a: 1, b: 1 }
    await on.take([{ at: AT + 5, sent: pageAs('c-ana', 'u1') }])
    expect(await on.verdicts.answer({ ...answer(question, 'same'), seen }, ALONE)).toEqual({
      outcome: 'changed',
    })
    expect(await on.verdicts.answer(answer('rev_never', 'same'), ALONE)).toEqual({
      outcome: 'not_asked',
    })
  }))
