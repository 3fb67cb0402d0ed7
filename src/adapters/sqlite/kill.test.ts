// After kills, commits are there whole or not at all, and so is the file.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { withDirectory } from '../../../test/file-log/directory.ts'
import { expectKillsSurvived, kills } from '../../../test/identity-store/kills.ts'
import { openSqliteStore } from './index.ts'

test(
  `${kills} kills while committing leave whole commits only`,
  { timeout: 30_000 + kills * 5_000 },
  () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'graph.db')
      await expectKillsSurvived({
        committing: (kill) => ['sqlite', file, String(5 + 45 * (kill % 3))],
        open: () => {
          expectWholeFile(file)
          return Promise.resolve(openSqliteStore(file))
        },
      })
    }),
)

function expectWholeFile(file: string): void {
  const database = new DatabaseSync(file)
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  database.close()
}
