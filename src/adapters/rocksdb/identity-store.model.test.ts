// The directory is closed and opened in between.

import { test } from 'vitest'
import { withDirectory } from '../../../test/file-log/directory.ts'
import { expectAnswersOfMemory } from '../../../test/identity-store/model.ts'
import { openRocksStore } from './index.ts'

test('RocksDB answers as memory does', { timeout: 120_000 }, () =>
  expectAnswersOfMemory((work) =>
    withDirectory((directory) => work(() => openRocksStore(directory, { synced: false }))),
  ),
)
