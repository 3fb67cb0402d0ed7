// `explain` where a model decides, beside the process that has the data open.
import { afterAll, beforeAll, expect, test } from 'vitest'

import { learnAndVisit } from '../learned.ts'
import { type Installation, openInstallation } from '../server/installation.ts'
import { run } from './run.ts'

let installation: Installation

beforeAll(async () => {
  installation = await openInstallation()
  const [account] = installation.accounts
  if (account === undefined) throw new Error('an account')
  await learnAndVisit(account)
})

afterAll(async () => installation.close())

const explain = async (...ends: readonly string[]): Promise<string> => {
  const ran = await run(['explain', ...ends, '--data', installation.directory], {
    cwd: installation.directory,
  })
  expect(ran.stderr).toBe('')
  return ran.stdout
}

test('shows a table that fits, with a bar each and the sum', async () => {
  const text = await explain('cookie:c-old', 'cookie:c-new')
  expect(text).toContain('│ alike 0.94, by model f0e1d2c3b4a5')
  expect(text).toMatch(/^both were seen at one address in the same hour +\+4\.33 +│█{8}$/m)
  expect(text).toMatch(/^before anything is known of them +−4\.33 +░{8}│$/m)
  expect(text).toMatch(/^all together +\+4\.04$/m)
  expect(text).toContain('+4.04 bits stand for 0.9427, no less than the 0.8808 (+2.89 bits)')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
})

test('says why two are apart', async () => {
  const text = await explain('cookie:c-new', 'cookie:c-ana')
  expect(text).toContain('Not joined by model f0e1d2c3b4a5: they were never seen at one known')
  expect(text).toContain('The most alike of the two are')
})

test('of one alone it shows the ways without their tables', async () => {
  const text = await explain('cookie:c-old')
  expect(text).toContain('alike 0.94')
  expect(text).not.toContain('all together')
})
