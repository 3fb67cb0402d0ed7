// Requests that nobody answers: what they are told, so that whoever typed them can mend them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openInstallation, OPERATOR, type Installation } from '../../../test/server/installation.ts'
import { ROUTES } from './app.ts'
import { BESIDE } from './ask/beside.ts'

let installation: Installation

beforeAll(async () => {
  installation = await openInstallation()
})

afterAll(async () => installation.close())

const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
  const headers = { authorization: `Bearer ${OPERATOR}` }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const init = { method, headers, ...(body !== undefined && { body: text }) }
  return installation.app.request(path, init, {})
}

describe('a method that a path does not take', () => {
  const known = [...ROUTES, ...BESIDE]
  const paths = [...new Set(known.map(({ path }) => path))]
  /** Also of paths that it is an example of: `/v1/profiles/merge` is one of `/v1/profiles/{id}`. */
  const methodsOf = (path: string): readonly string[] => [
    ...new Set(
      known.flatMap((one) => {
        const pattern = new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/{]+')}$`)
        return one.path === path || pattern.test(path) ? [one.method.toUpperCase()] : []
      }),
    ),
  ]

  test.each(paths.map((path) => [path, methodsOf(path)] as const))(
    '%s takes %j',
    async (path, taken) => {
      const at = path.replaceAll(/\{\w+\}/g, 'x')
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (taken.includes(method)) continue
        const answer = await send(method, at)
        expect([method, answer.status]).toEqual([method, 405])
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
        const allowed = answer.headers.get('allow')?.split(', ') ?? []
        expect(allowed.filter((one) => one !== 'HEAD').toSorted()).toEqual(taken.toSorted())
      }
    },
  )

  test('short paths too; what is not there stays a 404; preflights and HEAD pass', async () => {
    expect((await send('GET', '/v1/t')).status).toBe(405)
    for (const method of ['GET', 'POST', 'PUT'])
      expect((await send(method, '/v1/none')).status).toBe(404)
    for (const path of ['/v1/t', '/v1/batch', '/collect', '/sourceConfig', '/pixel/v1/page'])
      expect([path, (await send('OPTIONS', path)).status]).toEqual([path, 204])
    expect((await send('OPTIONS', '/v1/profiles')).status).toBe(405)
    expect((await send('HEAD', '/healthz')).status).toBe(200)
  })
})

describe('what is wrong is said in words', () => {
  test.each<[question: string, words: string]>([
    [
      '/v1/profiles',
      '"identifier" is missing; allowed: TYPE:VALUE, such as email:ana@example.com or cookie:c-1',
    ],
    [
      '/v1/profiles?identifier=',
      '"identifier" is empty; allowed: TYPE:VALUE, such as email:ana@example.com or cookie:c-1',
    ],
    [
      '/v1/profiles?identifer=cookie:c',
      '"identifer" is not known here; allowed: identifier, golden',
    ],
    ['/v1/stats?limit=3&x=', '"limit", "x" are not known here; allowed: none'],
    [
      '/v1/profiles/prf_1?golden=maybe',
      '"golden" is "maybe"; allowed: true: with its golden record, for which its messages are read; or false',
    ],
    ['/v1/profiles/prf_1/timeline?id=prf_2', '"id" is not known here; allowed: limit, before'],
    [
      '/v1/profiles/prf_1/timeline?limit=many',
      '"limit" is "many"; allowed: a whole number from 1 to 1000 (messages looked at for one page)',
    ],
    ['/v1/changes?after=0', '"after" is the "next" of an earlier page, or "start"'],
    [
      `/v1/changes?after=${'x'.repeat(51)}`,
      `"after" is "${'x'.repeat(51)}"; allowed: \`next\` of the last answer, or an id of the stream; "start" for the first, 50 characters at most`,
    ],
    [
      `/v1/profiles/${'x'.repeat(1_025)}`,
      `"id" is "${'x'.repeat(59)}…; allowed: profile id, also one that gave way to another, 1024 characters at most`,
    ],
    ['/v1/explain', '"a" is missing; allowed: TYPE:VALUE or a profile id'],
  ])('%s', async (question, words) => {
    const answer = await send('GET', question)
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, detail]).toEqual([400, words])
  })

  test.each<[body: unknown, words: string]>([
    ['{', 'the body is no JSON object; allowed: one with kind, site, label, key, role, sites'],
    [{}, '"kind" is missing; allowed: one of "write", "token"'],
    [{ kind: 'king' }, '"kind" is "king"; allowed: one of "write", "token"'],
    [{ kind: 'write' }, '"site" is missing; allowed: text in quotes (whose messages come with it)'],
    [
      { kind: 'write', site: 'A' },
      '"site": a site is up to 63 lower-case letters, digits, "_", "-" and "."',
    ],
    [
      { kind: 'token', role: 'king' },
      '"role" is "king"; allowed: one of "reader", "steward", "admin"',
    ],
    [
      { kind: 'token', role: 'reader', site: 's' },
      '"site" is not known here; allowed: kind, role, sites, label',
    ],
    [
      { kind: 'token', role: 'reader', sites: [] },
      '"sites" is an empty list; allowed: a list, each text in quotes, or null (the only sites it sees; of a reader only)',
    ],
    [{ kind: 'token', role: 'reader', sites: [7] }, '"sites.0" is 7; allowed: text in quotes'],
    [
      { kind: 'token', role: 'reader', label: 7 },
      '"label" is 7; allowed: text in quotes (what it is for)',
    ],
  ])('a key of %j', async (body, words) => {
    const answer = await send('POST', '/v1/keys', body)
    const { detail } = (await answer.json()) as { detail: string }
    expect([answer.status, detail]).toEqual([400, words])
  })
})
