// The file is closed and opened in between, with little or much remembered.

import { join } from 'node:path'
import { test } from 'vitest'
import { withDirectory } from '../../../test/file-log/directory.ts'
import { expectAnswersOfMemory } from '../../../test/identity-store/model.ts'
import { openSqliteStore } from './index.ts'

test('SQLite answers as memory does', { timeout: 120_000 }, () =>
  expectAnswersOfMemory((work) =>
    withDirectory((directory) =>
      work((numbersRememberedMax = 100_000) =>
        Promise.resolve(openSqliteStore(join(directory, 'graph.db'), { numbersRememberedMax })),
      ),
    ),
  ),
)
