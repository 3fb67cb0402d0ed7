// What those who run it read: every metric of docs/operate.md, and nothing of a person in any of them.
import { readFileSync } from 'node:fs'

import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  openInstallation,
  OPERATOR,
  type Installation,
} from '../../../../test/server/installation.ts'
import { RunFailure } from '../../batch/runs.ts'
import { StoreError } from '../../../ports/store-error.ts'
import { reportTo } from './report.ts'
import { watchAccounts } from './watch-accounts.ts'

let installation: Installation

beforeAll(async () => {
  installation = await openInstallation({ sites: { clinic: { account: 'other' } } })
  for (const [site, account] of [
    ['shop', 'default'],
    ['clinic', 'other'],
  ] as const) {
    const writeKey = await installation.writeKey(site, account)
    const batch = [
      { type: 'identify', anonymousId: 'c-secret', traits: { email: 'ana@example.com' } },
      { type: 'wave', anonymousId: 'c-secret' },
    ]
    const init = { method: 'POST', body: JSON.stringify({ writeKey, batch }) }
    await installation.app.request('/v1/batch?resolve=sync', init, {})
  }
  for (const { resolver } of installation.accounts) await resolver.flush()
})

afterAll(async () => installation.close())

async function metrics(): Promise<string> {
  const headers = { authorization: `Bearer ${OPERATOR}` }
  return (await installation.app.request('/metrics', { headers }, {})).text()
}

test('every metric that the guide names is there, and no other', async () => {
  const guide = readFileSync(new URL('../../../../docs/operate.md', import.meta.url), 'utf8')
  const named = [...guide.matchAll(/^\| `(selfsame_\w+)/gm)].map(([, name = '']) => name)
  const there = [...(await metrics()).matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name)
  expect(there.toSorted()).toEqual(named.toSorted())
})

test('they count over all accounts, and name nobody', async () => {
  const text = await metrics()
  expect(text).toContain('selfsame_messages_total{outcome="accepted"} 2')
  expect(text).toContain('selfsame_messages_total{outcome="rejected"} 2')
  expect(text).toContain('selfsame_profiles{state="provisional"} 2')
  expect(text).toContain('selfsame_unstored_records 0')
  expect(Number(/selfsame_store_bytes\{store="log"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(100)
  for (const word of ['c-secret', 'ana@', 'shop', 'clinic', 'wk_', 'sst_', 'prf_'])
    expect(text).not.toContain(word)
})

test('what cannot be read is left out and asked for again; the rest is told', async () => {
  const [served] = [...installation.parts.accounts.values()]
  if (served === undefined) throw new Error('no account')
  let isAway = true
  const away = new StoreError('unavailable', 'the disk is away', { retryable: true })
  const census = async (from: ReadonlyMap<string, number>) => {
    if (isAway) throw away
    return served.store.census(from)
  }
  const unstored = async () => {
    if (isAway) throw away
    return served.unstored()
  }
  const registry = new Registry()
  const reported: unknown[] = []
  const account = { ...served, unstored, store: { ...served.store, census } }
  watchAccounts(registry, new Map([['default', account]]), (cause) => reported.push(cause))
  const values = async (): Promise<string> => (await registry.metrics()).replaceAll(/^#.*$/gm, '')
  const without = await values()
  expect(without).toContain('selfsame_unwritten_messages 0')
  for (const name of ['unstored_records', 'profiles', 'promiscuous'])
    expect(without).not.toContain(`selfsame_${name}`)
  expect(reported).toEqual([away, away, away])
  isAway = false
  const all = await values()
  expect(all).toContain('selfsame_unstored_records 0')
  expect(all).toContain('selfsame_profiles{state="provisional"} 1')
  expect(reported.length).toBe(3)
})

test('a failure is a line of JSON that says nothing of what was sent', () => {
  const lines: string[] = []
  const report = reportTo((line) => lines.push(line))
  report(new StoreError('full', 'the disk is full', { retryable: true }))
  report(new TypeError('cannot read ana@example.com'))
  report('ana@example.com')
  report(new RunFailure('default', new Error('cannot convert ana@example.com')))
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'error', event: 'store_failed', code: 'full', message: 'the disk is full' },
    { level: 'error', event: 'bug', name: 'TypeError' },
    { level: 'error', event: 'bug', name: 'string' },
    { level: 'error', event: 'run_failed', account: 'default', why: 'GET /v1/runs' },
  ])
  expect(lines.join('\n')).not.toContain('ana@')
})
