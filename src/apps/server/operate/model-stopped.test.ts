// A server whose model new logins contradict: it says so, begins a run that learns anew, and joins by what that found.
import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  type Installation,
  openInstallation,
  OPERATOR,
} from '../../../../test/server/installation.ts'
import { learnedHomes, signIn, visit } from '../../../../test/worlds/homes.ts'
import type { Sent } from '../../../../test/scenarios/messages.ts'
import { ModelStopped } from '../../batch/runs.ts'

const HOMES = Array.from({ length: 20 }, (_, home) => home)
const reported: unknown[] = []
let installation: Installation

beforeAll(async () => {
  installation = await openInstallation({}, undefined, (cause) => reported.push(cause))
})

afterAll(async () => installation.close())

const headers = { authorization: `Bearer ${OPERATOR}` }

async function asked(path: string): Promise<string> {
  return (await installation.app.request(path, { headers }, {})).text()
}

async function told(sent: readonly Sent[]): Promise<void> {
  const writeKey = await installation.writeKey('default')
  const timestamp = '2026-01-01T10:00:00.000Z'
  const batch = sent.map(({ raw }) => ({ timestamp, ...raw }))
  const init = { method: 'POST', body: JSON.stringify({ writeKey, batch }) }
  const answer = await installation.app.request('/v1/import?resolve=sync', init, {})
  expect(answer.status).toBe(200)
}

test('it stops, says so, runs by itself and goes by what that learned', async () => {
  const [account] = installation.accounts
  if (account === undefined) throw new Error('no account')
  const { settings } = account.active
  await account.activate({ settings, learned: learnedHomes() }, account.resolver.applied)
  await told(HOMES.flatMap((home) => [visit('a', home), visit('b', home)]))
  await told(HOMES.map((home) => signIn('a', home, `ana-${home}`)))
  const before = await asked('/metrics')
  expect(before).toContain('selfsame_model_used 1')
  await told(HOMES.map((home) => signIn('b', home, `ben-${home}`)))
  const runs = installation.parts.accounts.get('default')?.runs
  await expect.poll(() => runs?.latest?.state, { timeout: 60_000 }).toBe('done')
  expect(reported).toEqual([expect.any(ModelStopped)])
  expect(reported[0]).toMatchObject({ account: 'default', drift: { right: 0, wrong: 20 } })
  expect(JSON.parse(await asked('/v1/runs'))).toMatchObject({
    latest: { learn: false, dry_run: false, training: { refused: expect.any(String) as string } },
  })
  expect(JSON.parse(await asked('/v1/stats'))).toMatchObject({
    knowledge: { version: null, used: false, drift: { right: 0, wrong: 0, stopped: false } },
  })
  const after = await asked('/metrics')
  for (const line of ['model_used 0', 'model_stopped 0', 'drift_wrong_total 0'])
    expect(after).toContain(`selfsame_${line}`)
})

test('it learns when it is asked to, by the active policy only', async () => {
  const init = (body: object): RequestInit => ({
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const both = await installation.app.request('/v1/runs', init({ learn: true, dry_run: true }), {})
  expect(both.status).toBe(400)
  const { status } = await installation.app.request('/v1/runs', init({ learn: true }), {})
  expect(status).toBe(200)
  const runs = installation.parts.accounts.get('default')?.runs
  await expect.poll(() => runs?.latest?.state, { timeout: 60_000 }).toBe('done')
  expect(JSON.parse(await asked('/v1/runs'))).toMatchObject({
    latest: { learn: true, outcome: null, training: { threshold: null }, error: null },
    runs: [{ run: 1 }],
  })
})
