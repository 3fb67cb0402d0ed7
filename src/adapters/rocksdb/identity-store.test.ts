// The RocksDB store passes the cases of its port in a directory. Opening one syncs several files, so that it is not opened
// anew for each call, as SQLite's is; the model test opens it again and again.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { account, digest, withDirectory } from '../../../test/file-log/directory.ts'
import { identityStoreCases } from '../../ports/conformance/identity-store.cases.ts'
import { openRocksStore } from './index.ts'

test.for(identityStoreCases)('$name', (entry) =>
  withDirectory(async (directory) => {
    const open = () => openRocksStore(join(directory, "it's a graph"))
    await expect(entry.run({ account, digest, open })).resolves.toBeUndefined()
  }),
)
