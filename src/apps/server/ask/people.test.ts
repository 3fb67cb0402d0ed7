// Visitors and search over the real app: live profiles, named and found by the tables of a real run.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { openInstallation, type Installation } from '../../../../test/server/installation.ts'
import type { SearchAnswer, VisitorsAnswer } from '../../answers/people-answer.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString()

const MESSAGES = [
  { type: 'page', anonymousId: 'c-phone', name: 'Shoes', context: { page: { path: '/shoes' } } },
  {
    type: 'identify',
    anonymousId: 'c-phone',
    userId: '42',
    traits: {
      email: 'ana@example.com',
      firstName: 'Ána',
      lastName: 'Müller',
      phone: '+4930123456',
    },
  },
  { type: 'identify', anonymousId: 'c-bea', traits: { email: 'bea@example.com' } },
  { type: 'page', anonymousId: 'c-library', site: 'blog' },
  { type: 'page', anonymousId: 'c-kiosk' },
  { type: 'identify', anonymousId: 'c-kiosk', traits: { email: 'kim@example.com', name: 'Kim' } },
  {
    type: 'track',
    event: 'Order Completed',
    anonymousId: 'c-tablet',
    properties: { email: 'ana@example.com' },
  },
]

let installation: Installation
let token = ''

async function sent(messages: readonly object[], site = 'shop'): Promise<void> {
  const writeKey = await installation.writeKey(site)
  const body = JSON.stringify({ writeKey, batch: messages })
  await installation.app.request('/v1/import?resolve=sync', { method: 'POST', body }, {})
}

beforeAll(async () => {
  installation = await openInstallation({ sites: { shop: {}, blog: {} } })
  token = await installation.token('reader')
  for (const [minute, { site = 'shop', ...message }] of MESSAGES.entries())
    await sent([{ ...message, timestamp: at(minute), messageId: `m${minute}` }], site)
})

afterAll(async () => installation.close())

async function asked<T>(path: string): Promise<T> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await installation.app.request(path, { headers }, {})
  expect([path, response.status]).toEqual([path, 200])
  return (await response.json()) as T
}

const visitors = (query = ''): Promise<VisitorsAnswer> => asked(`/v1/visitors${query}`)
const search = (text: string): Promise<SearchAnswer> =>
  asked(`/v1/search?q=${encodeURIComponent(text)}`)

const lastNames = ({ visitors: rows }: VisitorsAnswer): readonly string[] =>
  rows.map(({ last }) => last.at.slice(14, 16))

async function run(): Promise<void> {
  const runs = installation.parts.accounts.get('default')?.runs
  runs?.start({ dryRun: false, settings: null })
  await vi.waitFor(() => expect(runs?.latest?.state).toBe('done'), { timeout: 30_000 })
}

/** What was found: how, and by which text. */
const matches = ({ results }: SearchAnswer): readonly string[] =>
  results.map(({ matched, exact }) => `${exact ? 'exactly ' : ''}${matched.what} ${matched.text}`)

describe('before any run', () => {
  test('visitors are there at once, each with what it did last, and without a name', async () => {
    const all = await visitors()
    expect(lastNames(all)).toEqual(['06', '05', '03', '02'])
    expect(all.next).toBe(null)
    expect(all.visitors[0]).toMatchObject({
      kind: 'person',
      state: 'provisional',
      name: null,
      // Its order named the e-mail beside the cookie.
      identifier: expect.stringMatching(/^email:[0-9a-f]{64}$/) as string,
      identifiers: 5,
      by_type: { cookie: 2, email: 1, external_id: 1, phone: 1 },
      sites: ['shop'],
      last: { type: 'track', name: 'Order Completed', site: 'shop', device: null, page: null },
    })
  })

  test('they are asked for by kind, state and site, and page by page', async () => {
    expect(lastNames(await visitors('?kind=anonymous'))).toEqual(['03'])
    expect(lastNames(await visitors('?site=blog'))).toEqual(['03'])
    expect(lastNames(await visitors('?state=confirmed'))).toEqual([])
    const first = await visitors('?limit=3')
    expect(lastNames(first)).toEqual(['06', '05', '03'])
    expect(lastNames(await visitors(`?limit=3&before=${first.next}`))).toEqual(['02'])
  })

  test.each(['limit=201', 'limit=0', 'before=hat', 'kind=hat', 'colour=red'])(
    'what makes no sense is refused: %s',
    async (query) => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await installation.app.request(`/v1/visitors?${query}`, { headers }, {})
      expect(response.status).toBe(400)
    },
  )

  test('a search knows ids and identifiers, bare or with their type', async () => {
    const [ana] = (await visitors()).visitors
    const id = ana?.profile ?? ''
    expect(await search(id)).toMatchObject({
      query: id,
      run: null,
      results: [{ profile: id, exact: true, matched: { what: 'profile', text: id } }],
    })
    for (const text of ['cookie:c-phone', 'c-phone', 'ana@example.com', '42', '+49 30 123456']) {
      const { results } = await search(text)
      expect([text, results.map(({ profile }) => profile)]).toEqual([text, [id]])
    }
    expect(matches(await search('42'))).toEqual(['exactly identifier external_id:user@shop:42'])
    expect((await search('c-pho')).results).toEqual([])
    expect((await search('ip:8.8.8.8')).results).toEqual([])
  })
})

describe('after a run', () => {
  beforeAll(run)

  test('visitors have the names of the run: the golden one, else first and last, else the e-mail', async () => {
    const rows = (await visitors()).visitors
    expect(rows.map(({ name }) => name)).toEqual(['Ána Müller', 'Kim', null, 'bea@example.com'])
  })

  test.each([
    ['ana mul', ['name Ána Müller']],
    ['MÜLLER', ['name Ána Müller']],
    [
      '@example.com',
      ['contact ana@example.com', 'contact kim@example.com', 'contact bea@example.com'],
    ],
    ['030 1234', ['contact +4930123456']],
    [
      'c-',
      [
        'identifier cookie:c-tablet',
        'identifier cookie:c-kiosk',
        'identifier cookie:c-library',
        'identifier cookie:c-bea',
      ],
    ],
    ['c-kiosk', ['exactly identifier cookie:c-kiosk']],
    ['% OR', []],
    ["' OR 1=1 --", []],
    ['enable_logging', []],
    ['\u0000', []],
  ])('a search for %j finds by %j', async (text, found) => {
    const answer = await search(text)
    expect(matches(answer)).toEqual(found)
    expect(answer.run).toBe(1)
  })

  test('whom the run knew by an id that has given way since is found as who it is now', async () => {
    const headers = { authorization: `Bearer ${await installation.token('steward')}` }
    const body = JSON.stringify({ profiles: ['cookie:c-library', 'cookie:c-bea'], note: 'said so' })
    const merged = await installation.app.request(
      '/v1/profiles/merge',
      { method: 'POST', headers, body },
      {},
    )
    expect(merged.status).toBe(200)
    const [bea] = (await search('bea@')).results
    const [visitor] = (await search('c-libr')).results
    expect(visitor).toMatchObject({
      profile: bea?.profile,
      name: 'bea@example.com',
      identifiers: 3,
    })
  })

  test('the next run is asked once it is published; where its files are damaged, only the live graph is', async () => {
    await sent([
      {
        type: 'identify',
        anonymousId: 'c-new',
        traits: { name: 'Nur' },
        messageId: 'm9',
        timestamp: at(9),
      },
    ])
    expect((await search('nur')).results).toEqual([])
    await run()
    expect(await search('nur')).toMatchObject({ run: 2, results: [{ name: 'Nur' }] })
    const [account] = installation.accounts
    if (account === undefined) throw new Error('no account')
    const runs = join(account.layout.warehouseDirectory, 'runs')
    await run()
    await rm(join(runs, '3', 'profiles'), { recursive: true })
    await writeFile(join(runs, '3', 'profiles'), 'no table')
    expect(await search('nur')).toMatchObject({ run: null, results: [] })
    expect((await visitors()).visitors[0]).toMatchObject({ name: null, identifiers: 1 })
    expect((await search('c-new')).results).toHaveLength(1)
  })
})

test('a configuration without golden records has no names, and is searched all the same', async () => {
  const none = Object.fromEntries(
    ['name', 'first_name', 'last_name', 'email', 'phone'].map((name) => [name, { rule: 'none' }]),
  )
  const whole = installation
  installation = await openInstallation({ golden: { attributes: none } })
  try {
    token = await installation.token('reader')
    await sent([{ type: 'identify', anonymousId: 'c-1', traits: { name: 'Ana' } }], 'default')
    await run()
    expect((await visitors()).visitors).toMatchObject([{ name: null, identifiers: 1 }])
    expect(await search('c')).toMatchObject({ run: 1, results: [{ name: null }] })
  } finally {
    await installation.close()
    installation = whole
  }
})
