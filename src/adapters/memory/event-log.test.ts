// The memory log passes the cases of its port, but for those that need it to outlive its process.

import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventLogCases } from '../../ports/conformance/event-log.cases.ts'
import { createMemoryEventLog } from './event-log.ts'

const GAPS = { restart: 'a log in memory is gone when it is closed' }

test.for(eventLogCases)('$name', async (entry, { skip }) => {
  if (entry.needs !== undefined) skip(GAPS[entry.needs])
  const subject = {
    account: 'default',
    digest: (text: string) => hash('sha256', text, 'hex'),
    open: () => Promise.resolve(createMemoryEventLog()),
  }
  await expect(entry.run(subject)).resolves.toBeUndefined()
})
