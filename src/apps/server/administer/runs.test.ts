// Batch runs of a server, asked for over HTTP: what they are decided by, and what stays when they are over.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { openInstallation, type Installation } from '../../../../test/server/installation.ts'
import { settingsOf } from '../../../../test/extraction.ts'
import type { RunsAnswer } from '../../answers/run-answer.ts'

let installation: Installation
let token = ''

const OWN = { golden: { attributes: { city: { rule: 'first' } } }, batch: { atHours: [3, 15] } }

beforeAll(async () => {
  installation = await openInstallation(OWN)
  token = await installation.token('admin')
  const writeKey = await installation.writeKey('default')
  const batch = [{ type: 'identify', anonymousId: 'c1', traits: { email: 'ana@example.com' } }]
  const init = { method: 'POST', body: JSON.stringify({ writeKey, batch }) }
  await installation.app.request('/v1/batch', init, {})
})

afterAll(async () => installation.close())

async function asked(method: 'GET' | 'POST', body?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  const init = { method, headers, ...(body !== undefined && { body }) }
  return installation.app.request('/v1/runs', init, {})
}

/** The latest run, when it is over. */
async function ended(): Promise<RunsAnswer> {
  const told = async (): Promise<RunsAnswer> => (await (await asked('GET')).json()) as RunsAnswer
  await expect
    .poll(async () => (await told()).latest?.state, { timeout: 30_000 })
    .not.toBe('running')
  return told()
}

const policyNow = (): string => installation.accounts[0]?.active.policy.version ?? ''

test('nothing posted begins a run; another one waits until it is over', async () => {
  expect((await asked('POST')).status).toBe(200)
  const second = await asked('POST', '{}')
  expect([second.status, await second.json()]).toMatchObject([409, { reason: 'not_now' }])
  const { latest, runs, at_hours } = await ended()
  expect([latest?.state, latest?.outcome?.notices, runs.length]).toEqual(['done', [], 1])
  expect(at_hours).toEqual([3, 15])
})

test.each([
  ['what is no JSON', '{"dry_run": tru'],
  ['a setting that does not exist', '{"settings": {"golde": {}}}'],
  ['a name that does not exist', '{"dryrun": true}'],
])('%s begins none', async (_, body) => {
  expect((await asked('POST', body)).status).toBe(400)
  expect((await ended()).runs.length).toBe(1)
})

test('settings that are posted become the policy; what decides nothing stays as the server has it', async () => {
  const posted = {
    edges: { form_submit: 0.5 },
    sites: { clinic: { crossSite: false } },
    golden: { attributes: { city: { rule: 'longest' } } },
  }
  await asked('POST', JSON.stringify({ settings: posted }))
  const { latest } = await ended()
  expect(latest?.state).toBe('done')
  expect(latest?.outcome?.notices).toEqual([
    expect.stringContaining('goes on reading messages as before'),
    expect.stringContaining('in the tables of this run only'),
  ])
  const [account] = installation.accounts
  expect(account?.active.settings).toMatchObject({
    edges: { form_submit: 0.5 },
    ...settingsOfOwn(),
  })
})

function settingsOfOwn(): object {
  const { golden, batch } = settingsOf(OWN)
  return { golden, batch }
}

test('a run without settings goes by the active policy, also when the server was started with another', async () => {
  const before = policyNow()
  await asked('POST', '{}')
  const { latest, runs } = await ended()
  expect([latest?.outcome?.notices, policyNow()]).toEqual([[], before])
  expect(runs[0]?.policy_version).toBe(before)
})

test('whoever may only read is told of a run, but neither why it failed nor what it passed over', async () => {
  const failing = await openInstallation({}, undefined, () => {})
  try {
    const [account] = failing.accounts
    if (account === undefined) throw new Error('no account')
    await rm(account.layout.warehouseDirectory, { recursive: true, force: true })
    await mkdir(dirname(account.layout.warehouseDirectory), { recursive: true })
    await writeFile(account.layout.warehouseDirectory, 'no directory')
    const asking = async (role: 'reader' | 'admin'): Promise<RunsAnswer> => {
      const headers = { authorization: `Bearer ${await failing.token(role)}` }
      const response = await failing.app.request('/v1/runs', { headers }, {})
      return (await response.json()) as RunsAnswer
    }
    const runs = failing.parts.accounts.get('default')?.runs
    runs?.start({ dryRun: false, settings: null })
    await expect.poll(() => runs?.latest?.state, { timeout: 30_000 }).toBe('failed')
    await rm(account.layout.warehouseDirectory)
    const told = (await asking('admin')).latest
    expect(told?.error).toContain('warehouse')
    const { latest } = await asking('reader')
    expect(latest).toEqual({ ...told, error: 'it failed; a token of role admin is told why' })
  } finally {
    await failing.close()
  }
})
