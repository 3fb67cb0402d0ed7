// The shared log in memory passes every case of its port.

import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sharedLogCases } from '../../ports/conformance/shared-log.cases.ts'
import { StoreError } from '../../ports/store-error.ts'
import { createMemorySharedLog } from './shared-log.ts'

test.for(sharedLogCases)('$name', async (entry) => {
  const log = createMemorySharedLog()
  const subject = {
    account: 'default',
    digest: (text: string) => hash('sha256', text, 'hex'),
    open: () => Promise.resolve(log.open()),
  }
  await expect(entry.run(subject)).resolves.toBeUndefined()
})

test('what is poisoned is told in its place, and a reader that was killed leaves its share', async () => {
  const memory = createMemorySharedLog({ partitions: 2 })
  const log = memory.open()
  const options = { startAt: () => Promise.resolve(0) }
  const [first, second] = [await log.share('g', options), await log.share('g', options)]
  expect(memory.poison('events/1', 'not_json')).toBe(1)
  memory.kill(second)
  await expect(second.next({ recordsMax: 1, waitMs: 1 })).rejects.toBeInstanceOf(StoreError)
  expect(second.sources()).toEqual([])
  expect(first.sources().toSorted()).toEqual(['decisions/0', 'events/0', 'events/1'])
  const [delivered] = await first.next({ recordsMax: 10, waitMs: 1 })
  expect(delivered).toMatchObject({ source: 'events/1', after: 0, upTo: 1, records: [] })
  expect(delivered?.poisoned).toMatchObject([{ position: 1, reason: 'not_json' }])
  await log.close()
})
