// The SQLite store passes the cases of its port on a file: as it is, and opened anew for every single call.

import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { reopening } from '../../../test/identity-store/reopening.ts'
import { identityStoreCases } from '../../ports/conformance/identity-store.cases.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { openSqliteStore, openThreadedStore } from './index.ts'

const digest = (text: string): string => hash('sha256', text, 'hex')

async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "selfsame it's a store "))
  try {
    await work(join(folder, 'graph.db'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Opens the file for each call, to read or to write, and closes it again. */
async function openingEachCall(file: string): Promise<IdentityStore> {
  await openSqliteStore(file).close()
  return reopening((readOnly) => Promise.resolve(openSqliteStore(file, { readOnly })))
}

describe.each<[string, (file: string) => Promise<IdentityStore>]>([
  ['one opening', (file) => Promise.resolve(openSqliteStore(file))],
  [
    'nothing remembered',
    (file) => Promise.resolve(openSqliteStore(file, { numbersRememberedMax: 2 })),
  ],
  ['an opening a call', openingEachCall],
  ['a thread that writes', (file) => openThreadedStore(file)],
])('%s', (_name, open) => {
  test.for(identityStoreCases)('$name', (entry) =>
    inFolder(async (file) => {
      await expect(
        entry.run({ account: 'default', digest, open: () => open(file) }),
      ).resolves.toBeUndefined()
    }),
  )
})
