// After kills, commits are there whole or not at all.

import { join } from 'node:path'
import { test } from 'vitest'
import { withDirectory } from '../../../test/file-log/directory.ts'
import { expectKillsSurvived, kills } from '../../../test/identity-store/kills.ts'
import { openRocksStore } from './index.ts'

test(
  `${kills} kills while committing leave whole commits only`,
  { timeout: 30_000 + kills * 5_000 },
  () =>
    withDirectory(async (directory) => {
      const place = join(directory, 'graph')
      await expectKillsSurvived({
        committing: () => ['rocksdb', place],
        open: () => openRocksStore(place),
      })
    }),
)
