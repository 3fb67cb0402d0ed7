// The memory store passes the cases of its port, but for those that need it to outlive its process.

import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { identityStoreCases } from '../../ports/conformance/identity-store.cases.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { commitOf } from '../../ports/conformance/identity-store.subject.ts'
import { createMemoryIdentityStore } from './identity-store.ts'

const GAPS = { restart: 'a store in memory is gone when it is closed' }
const subject = {
  account: 'default',
  digest: (text: string) => hash('sha256', text, 'hex'),
  open: () => Promise.resolve(createMemoryIdentityStore()),
}

test.for(identityStoreCases)('$name', async (entry, { skip }) => {
  if (entry.needs !== undefined) skip(GAPS[entry.needs])
  await expect(entry.run(subject)).resolves.toBeUndefined()
})

test('a commit that names what is not there is a bug, and nothing is written', async () => {
  const store = createMemoryIdentityStore()
  const { people, edge } = samplesOf(subject)
  const commit = commitOf(0, people('cookie:1'), {
    edges: [edge('cookie:1', 'email:unknown', 'login')],
  })
  await expect(store.commit(commit)).rejects.toThrow('neither stored nor in it')
  expect(await store.position('log')).toBe(0)
})
