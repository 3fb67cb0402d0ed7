// A search for very many identifiers in what is not sealed finds what a search for each of them finds, whatever they look
// like.
import { expect, test } from 'vitest'

import { account, digest, withDirectory } from '../../../test/file-log/directory.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'
import type { StoredMessage } from '../../ports/event-log.ts'
import { openFileLog } from './index.ts'

/** Values that begin alike, hold quotes and backslashes, are one another's beginnings, or are of many bytes. */
const VALUES = [
  ...Array.from({ length: 30 }, (_, i) => `c-${i}`),
  'a"b',
  'a"',
  '"',
  '\\',
  'a\\"c-1',
  'é',
  '日本',
  'x',
  'xx',
]

const SENT = VALUES.map((cookie, i) =>
  sampleMessage({ account, digest }, `message ${i}`, { at: 1_700_000_000_000 + i, cookie }),
)

test('many at once find what each finds alone', () =>
  withDirectory(async (directory) => {
    const log = await openFileLog(directory, { account })
    try {
      await log.append(SENT)
      const some = SENT.filter((_, i) => i % 2 === 0).flatMap(({ fact }) => fact.identifiers)
      const alone: StoredMessage[] = []
      for (const one of some) alone.push(...(await log.messagesOf([one], 100)))
      const positions = (found: readonly StoredMessage[]): ReadonlySet<number> =>
        new Set(found.map(({ position }) => position))
      const together = await log.messagesOf(some, 100)
      expect(together).toHaveLength(some.length)
      expect(positions(together)).toEqual(positions(alone))
    } finally {
      await log.close()
    }
  }))
