// Two accounts that know the same people: whatever one sends and asks, nothing of the other is ever seen.
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openInstallation, OPERATOR, type Installation } from '../../../test/server/installation.ts'
import { ROLES, type Role } from '../../ports/key-store.ts'
import { ROUTES } from './app.ts'
import { ACCOUNT_HEADER } from './who/callers.ts'

const ACCOUNTS = ['acme', 'bolt'] as const
type AccountName = (typeof ACCOUNTS)[number]

/** Stands in every message of an account and nowhere else. */
const MARK = { acme: 'only-acme', bolt: 'only-bolt' } as const
const OTHER = { acme: 'bolt', bolt: 'acme' } as const

let installation: Installation
const keys = new Map<AccountName, string>()
const tokens = new Map<string, string>()

beforeAll(async () => {
  installation = await openInstallation({
    account: 'acme',
    sites: { [`${MARK.acme}-site`]: {}, [`${MARK.bolt}-site`]: { account: 'bolt' } },
  })
  for (const account of ACCOUNTS) {
    keys.set(account, await installation.writeKey(`${MARK[account]}-site`, account))
    for (const role of ROLES) tokens.set(account + role, await installation.token(role, account))
  }
})

afterAll(async () => installation.close())

const PEOPLE = ['ana', 'ben', 'cleo'] as const

interface Act {
  readonly account: AccountName
  readonly person: string
  readonly cookie: string
  readonly kind: 'login' | 'page' | 'junk'
}

const act: fc.Arbitrary<Act> = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  person: fc.constantFrom(...PEOPLE),
  cookie: fc.constantFrom('c-1', 'c-2', 'c-3', 'c-4'),
  kind: fc.constantFrom('login', 'login', 'page', 'junk'),
})

/** The same cookies, e-mails and addresses in both accounts; what tells them apart is marked. */
async function play({ account, person, cookie, kind }: Act): Promise<string> {
  const messages = {
    login: {
      type: 'identify',
      userId: `${MARK[account]}-${person}`,
      anonymousId: cookie,
      traits: { email: `${person}@home.example`, name: MARK[account] },
    },
    page: { type: 'page', anonymousId: cookie, name: MARK[account] },
    junk: { type: 'wave', anonymousId: cookie, name: MARK[account] },
  }
  const batch = [{ ...messages[kind], context: { ip: '203.0.113.7' } }]
  const body = JSON.stringify({ batch, writeKey: keys.get(account), site: `${MARK.bolt}-site` })
  const init = { method: 'POST', body }
  return (await installation.app.request('/v1/batch?resolve=sync', init, {})).text()
}

interface Question {
  readonly account: AccountName
  readonly role: Role
  readonly route: number
  readonly about: string
  /** Somebody who tries to be asked as the other account. */
  readonly pretends: boolean
}

const question: fc.Arbitrary<Question> = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  role: fc.constantFrom(...ROLES),
  route: fc.nat(ROUTES.length - 1),
  about: fc.constantFrom(
    ...PEOPLE.map((person) => `email:${person}@home.example`),
    'cookie:c-1',
    'ip:203.0.113.7',
    ...Object.values(MARK).map((mark) => `external_id:user@${mark}-site:${mark}-ana`),
  ),
  pretends: fc.boolean(),
})

/** Of either account: ids of its profiles, to be asked for by the other. */
const seen = { acme: new Set<string>(), bolt: new Set<string>() }

async function ask({ account, role, route, about, pretends }: Question): Promise<string> {
  const { method, path } = ROUTES[route] ?? { method: 'get', path: '/' }
  const [foreign = 'prf_none'] = [...seen[OTHER[account]]].toReversed()
  const id = pretends ? foreign : ([...seen[account]].at(-1) ?? 'prf_none')
  const query = new URLSearchParams({ identifier: about, a: about, b: 'cookie:c-2' })
  const url = `${path.replace('{id}', id)}?${query.toString()}`
  const headers = {
    authorization: `Bearer ${tokens.get(account + role) ?? ''}`,
    ...(pretends && { [ACCOUNT_HEADER]: OTHER[account] }),
  }
  // Keys must not go, or nobody could ask any more.
  if (method === 'delete') return ''
  const body = method === 'post' ? '{"kind":"token","role":"reader"}' : null
  const answer = await installation.app.request(
    url,
    { method: method.toUpperCase(), headers, body },
    {},
  )
  // An answer may repeat what it was asked.
  return (await answer.text()).replaceAll(about, '').replaceAll(id, '')
}

test('nothing of one account is ever seen by the other, by any route and role', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 1, maxLength: 6 }),
      fc.array(question, { minLength: 1, maxLength: 12 }),
      async (acts, questions) => {
        for (const one of acts) {
          const answer = await play(one)
          for (const [id] of answer.matchAll(/prf_\w+/g)) seen[one.account].add(id)
        }
        for (const one of questions) {
          const answer = await ask(one)
          expect(answer).not.toContain(MARK[OTHER[one.account]])
          for (const [id] of answer.matchAll(/prf_\w+/g)) {
            expect([id, seen[OTHER[one.account]].has(id)]).toEqual([id, false])
          }
        }
      },
    ),
  )
})

test('an operator sees the account that is named, and that only', async () => {
  for (const account of ACCOUNTS) {
    await play({ account, person: 'ana', cookie: 'c-1', kind: 'login' })
    const headers = { authorization: `Bearer ${OPERATOR}`, [ACCOUNT_HEADER]: account }
    const path = '/v1/profiles?identifier=email:ana@home.example'
    const text = await (await installation.app.request(path, { headers }, {})).text()
    expect(text).toContain(MARK[account])
    expect(text).not.toContain(MARK[OTHER[account]])
  }
  const headers = { authorization: `Bearer ${OPERATOR}`, [ACCOUNT_HEADER]: 'nobody' }
  expect((await installation.app.request('/v1/stats', { headers }, {})).status).toBe(403)
})
