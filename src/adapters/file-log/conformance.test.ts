// The file log passes the cases of its port: as a log of one open segment, and as one in which every write is sealed
// before the next.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventLogCases } from '../../ports/conformance/event-log.cases.ts'
import type { EventLog } from '../../ports/event-log.ts'
import { openFileLog } from './index.ts'
import { account, digest, withDirectory } from '../../../test/file-log/directory.ts'

async function openSealing(directory: string): Promise<EventLog> {
  const log = await openFileLog(directory, { account, segmentBytesMax: 1, runsMergedAtOnce: 2 })
  return {
    append: async (records) => {
      const positions = await log.append(records)
      await log.settle()
      return positions
    },
    read: (from, limit) => log.read(from, limit),
    messagesOf: (identifiers, limit, before) => log.messagesOf(identifiers, limit, before),
    end: () => log.end(),
    close: () => log.close(),
  }
}

describe.each<[string, (directory: string) => Promise<EventLog>]>([
  ['one segment', (directory) => openFileLog(directory, { account })],
  ['all but the last write sealed', openSealing],
])('%s', (_name, open) => {
  test.for(eventLogCases)('$name', (entry) =>
    withDirectory(async (directory) => {
      const subject = { account, digest, open: () => open(join(directory, "it's [a] log")) }
      await expect(entry.run(subject)).resolves.toBeUndefined()
    }),
  )
})
