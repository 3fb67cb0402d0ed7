// The RocksDB store passes the cases of its port in a directory: as it is, and opened anew for every single call.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { account, digest, withDirectory } from '../../../test/file-log/directory.ts'
import { reopening } from '../../../test/identity-store/reopening.ts'
import { identityStoreCases } from '../../ports/conformance/identity-store.cases.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { openRocksStore } from './index.ts'

/** Opens the directory for each call. It is open once at a time, so that calls wait for one another. */
function openingEachCall(directory: string): IdentityStore {
  let free = Promise.resolve()
  return reopening(async () => {
    const before = free
    let release = (): void => undefined
    free = new Promise((resolve) => (release = resolve))
    await before
    const store = await openRocksStore(directory)
    return { ...store, close: () => store.close().then(release) }
  })
}

describe.each<[string, (directory: string) => Promise<IdentityStore>]>([
  ['one opening', (directory) => openRocksStore(directory)],
  ['an opening a call', (directory) => Promise.resolve(openingEachCall(directory))],
])('%s', (_name, open) => {
  test.for(identityStoreCases)('$name', (entry) =>
    withDirectory(async (directory) => {
      const subject = { account, digest, open: () => open(join(directory, "it's a graph")) }
      await expect(entry.run(subject)).resolves.toBeUndefined()
    }),
  )
})
