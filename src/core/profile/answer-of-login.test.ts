// What first logins say of a model's joins: by cases, and over small random worlds.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { extractionOf, settingsOf, sha256 } from '../../../test/extraction.ts'
import { identify, login, page, type Sent, signUp } from '../../../test/scenarios/messages.ts'
import { factFrom } from '../../../test/scenarios/stage.ts'
import { homesKnowledge, signIn, visit } from '../../../test/worlds/homes.ts'
import { play } from '../../../test/worlds/play.ts'
import { smallPolicy, smallWorld } from '../../../test/worlds/small-world.ts'
import { counting, driftUnder, type LoginAnswer } from '../evidence/learned/drift.ts'
import { compilePolicy } from '../policy/compile-policy.ts'
import { answerOfLogin } from './answer-of-login.ts'

const extraction = extractionOf()
const policy = { ...compilePolicy(settingsOf(), sha256), knowledge: homesKnowledge() }
/** Day 20,000. */
const START = 20_000 * 86_400_000
const MINUTE_MS = 60_000

/** What the last message says of what the others made. */
function answerTo(sent: readonly Sent[]): LoginAnswer | null {
  const facts = sent.map((one, n) => factFrom(extraction, one, START + n * MINUTE_MS, `m${n}`))
  const last = facts.at(-1)
  if (last === undefined) throw new Error('no message')
  const view = play(
    policy,
    facts.slice(0, -1).map((fact) => [fact]),
  )
  return answerOfLogin(view, policy, last)
}

const both = [visit('a', 1), visit('b', 1)]
const mail = (device: 'a' | 'b', email: string): Sent => login(`c-${device}-1`, email)

test.each<readonly [string, readonly Sent[], LoginAnswer | null]>([
  ['the id its profile holds', [...both, signIn('a', 1, 'u1'), signIn('b', 1, 'u1')], 'right'],
  ['another of a unique namespace', [...both, signIn('a', 1, 'u1'), signIn('b', 1, 'u2')], 'wrong'],
  [
    'the e-mail its profile holds',
    [...both, mail('a', 'ana@example.com'), mail('b', 'ana@example.com')],
    'right',
  ],
  [
    'another e-mail',
    [...both, mail('a', 'ana@example.com'), mail('b', 'ben@example.com')],
    'wrong',
  ],
  [
    'another e-mail than one only typed',
    [...both, signUp('c-a-1', 'ana@example.com'), mail('b', 'ben@example.com')],
    null,
  ],
  [
    'an e-mail where a user id was',
    [...both, signIn('a', 1, 'u1'), mail('b', 'ben@example.com')],
    null,
  ],
  [
    'the same e-mail as another user',
    [
      ...both,
      identify('c-a-1', { userId: 'u1', email: 'ana@example.com' }),
      identify('c-b-1', { userId: 'u2', email: 'ana@example.com' }),
    ],
    'wrong',
  ],
  ['the first login of all', [...both, signIn('a', 1, 'u1')], null],
  [
    'a second login of one cookie',
    [...both, signIn('a', 1, 'u1'), signIn('b', 1, 'u1'), signIn('b', 1, 'u2')],
    null,
  ],
  ['one who was with nobody', [visit('a', 1), visit('b', 2), signIn('b', 2, 'u1')], null],
  ['no login', [...both, signIn('a', 1, 'u1'), page('c-b-1')], null],
])('%s', (_, sent, answer) => {
  expect(answerTo(sent)).toBe(answer)
})

test('an answer is about a cookie that was nobody’s, is given once, and is right only by an id of its profile', () => {
  const learned = smallPolicy('learned')
  let answers = 0
  fc.assert(
    fc.property(smallWorld, (facts) => {
      let next = 0
      const againstIt: string[] = []
      const batches = facts.map((fact) => [fact])
      play(learned, batches, (view) => {
        const told = facts[next++]
        if (told !== undefined && answerOfLogin(view, learned, told) !== null)
          againstIt.push(`${told.id} answers twice`)
        const fact = facts[next]
        const answer = fact === undefined ? null : answerOfLogin(view, learned, fact)
        if (fact === undefined || answer === null) return
        answers++
        const profile = view.node(fact.identifiers[0]?.key ?? '')?.profile
        const isKnown = fact.identifiers.slice(1).some(({ key }) => {
          return view.node(key)?.profile === profile
        })
        if (answer === 'right' && !isKnown) againstIt.push(`${fact.id} is right by nothing`)
      })
      expect(againstIt).toEqual([])
    }),
  )
  expect(answers).toBeGreaterThan(0)
})

test.each([
  [19, 0, false],
  [20, 6, true],
  [20, 5, true],
  [20, 4, false],
  [100, 14, false],
  [100, 17, true],
])('of %i answers %i wrong: stopped %s, and it stays so', (all, wrong, stopped) => {
  let drift = driftUnder(homesKnowledge(), null)
  for (let n = 0; n < all; n++) drift = counting(drift, n < all - wrong ? 'right' : 'wrong', n + 1)
  expect(drift).toMatchObject({ right: all - wrong, wrong, upTo: all, stopped })
  for (let n = 0; n < 1_000; n++) drift = counting(drift, 'right', all + n)
  expect(drift.stopped).toBe(stopped)
})
