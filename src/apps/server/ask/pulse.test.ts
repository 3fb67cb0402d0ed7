// The pulse over HTTP: what is counted already, the latest run, and trouble in words that name no file.
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openInstallation, type Installation } from '../../../../test/server/installation.ts'
import { StoreError } from '../../../ports/store-error.ts'
import { type PulseAnswer, pulseAnswer, pulseOf } from '../../answers/pulse-answer.ts'

let installation: Installation

beforeAll(async () => {
  installation = await openInstallation()
})

afterAll(async () => installation.close())

async function pulse(): Promise<PulseAnswer> {
  const headers = { authorization: `Bearer ${await installation.token('reader')}` }
  const response = await installation.app.request('/v1/pulse', { headers }, {})
  return pulseAnswer.parse(await response.json())
}

const served = () => {
  const account = installation.parts.accounts.get('default')
  if (account === undefined) throw new Error('no account')
  return account
}

/** The active policy is a record of the log. */
const NOTHING = { log_records: 1, applied: 1, identifiers: 0, profiles: 0, run: null }

test('of an empty account, of one with messages, and of one with a run', async () => {
  expect(await pulse()).toMatchObject({ ...NOTHING, problem: null, questions: 0, waiting: 0 })
  const writeKey = await installation.writeKey('default')
  const batch = ['c-phone', 'c-laptop'].map((anonymousId) => ({
    type: 'identify',
    anonymousId,
    traits: { email: 'ana@example.com' },
  }))
  const body = JSON.stringify({ writeKey, batch })
  await installation.app.request('/v1/batch?resolve=sync', { method: 'POST', body }, {})
  await installation.accounts[0]?.resolver.flush()
  const told = await pulse()
  expect(told).toMatchObject({ log_records: 3, applied: 3, identifiers: 3, profiles: 1, edges: 2 })
  installation.clock.later(60_000)
  expect(Date.parse((await pulse()).at) - Date.parse(told.at)).toBeGreaterThanOrEqual(60_000)
  served().runs.start({ dryRun: true, settings: null })
  expect((await pulse()).run).toMatchObject({ state: 'running', dry_run: true })
  await expect.poll(async () => (await pulse()).run?.state, { timeout: 30_000 }).toBe('done')
  expect((await pulse()).run).toMatchObject({ stage: null, dry_run: true })
})

test('the stage of a run is the one under way', async () => {
  const latest = {
    state: 'running',
    dryRun: false,
    learn: false,
    startedAt: 0,
    stages: [
      { name: 'read', beganAt: 0, rows: 3, seconds: 1 },
      { name: 'group', beganAt: 1, rows: null, seconds: null },
    ],
    outcome: null,
    training: null,
    error: null,
  } as const
  expect((await pulseOf({ ...served(), runs: { latest } }, 0)).run).toEqual({
    state: 'running',
    stage: 'group',
    started_at: '1970-01-01T00:00:00.000Z',
    dry_run: false,
  })
})

test('why the graph cannot be written, without the words of the store', async () => {
  const of = async (failure: unknown): Promise<string | null> =>
    (await pulseOf({ ...served(), flushFailure: () => failure }, 0)).problem
  const file = 'data/default/graph.sqlite'
  expect(await of(new StoreError('full', `no room for ${file}`, { retryable: true }))).toBe(
    'the graph cannot be written: the disk is full; nothing is lost, the log has it',
  )
  expect(await of(new Error(file))).not.toContain(file)
  expect(await of(null)).toBe(null)
})

test('not for nobody, nor for a token that is limited to sites', async () => {
  expect((await installation.app.request('/v1/pulse', {}, {})).status).toBe(401)
  const token = await installation.token('reader', 'default', ['default'])
  const headers = { authorization: `Bearer ${token}` }
  expect((await installation.app.request('/v1/pulse', { headers }, {})).status).toBe(403)
})
