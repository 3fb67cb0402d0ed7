// Cases of the event log: the messages of identifiers page by page, from the latest to the oldest.

import type { Identifier } from '../../core/identifier/identifier.ts'
import {
  type EventLog,
  type MessageRecord,
  type Place,
  placeOf,
  type Position,
} from '../event-log.ts'
import { expectEqual } from './case.ts'
import { type EventLogCase, idsOf, sampleMessage, withLog } from './event-log.subject.ts'

/** Ids of all messages of the identifiers, page by page from the latest on, oldest first; `between` runs after the first page. */
async function walked(
  log: EventLog,
  identifiers: readonly Identifier[],
  limit: number,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly string[]> {
  const all: string[] = []
  let before: Place | undefined
  for (;;) {
    const page = await log.messagesOf(identifiers, limit, before)
    if (page.length > limit) throw new Error(`a page of ${page.length}, at most ${limit} asked for`)
    all.unshift(...idsOf(page))
    const [oldest] = page
    if (oldest === undefined) return all
    if (before === undefined) await between()
    before = placeOf(oldest)
  }
}

export const pagingCases: readonly EventLogCase[] = [
  {
    name: 'pages that go on before the last one give every message once, in order, also of equal times',
    run: (subject) =>
      withLog(subject, async (log) => {
        const times = [3, 1, 2, 2, 2, 1, 3, 2, 1, 4, 2, 2]
        const records = times.map((time, n) => {
          return sampleMessage(subject, `${n}`, { at: 1000 * time, cookie: n % 2 ? 'one' : 'two' })
        })
        for (let n = 0; n < records.length; n += 3) await log.append(records.slice(n, n + 3))
        const named = records.slice(0, 2).flatMap(({ fact }) => fact.identifiers)
        const inOrder = idsOf(await log.messagesOf(named, 100))
        expectEqual(inOrder, ['1', '5', '8', '2', '3', '4', '7', '10', '11', '0', '6', '9'], 'all')
        for (const limit of [1, 2, 5, 12, 13]) {
          expectEqual(await walked(log, named, limit), inOrder, `in pages of ${limit}`)
        }
      }),
  },
  {
    name: 'a place need not be that of a message',
    run: (subject) =>
      withLog(subject, async (log) => {
        const at = [1000, 2000, 2000, 3000]
        await log.append(
          at.map((time, n) => sampleMessage(subject, `${n}`, { at: time, cookie: 'one' })),
        )
        const named = sampleMessage(subject, '', { cookie: 'one' }).fact.identifiers
        const before = async (time: number, position: Position): Promise<readonly string[]> =>
          idsOf(await log.messagesOf(named, 10, { at: time, position }))
        expectEqual(await before(2000, 3), ['0', '1'], 'at the second of two of one time')
        expectEqual(await before(2000, 99), ['0', '1', '2'], 'behind both')
        expectEqual(await before(2000, 0), ['0'], 'ahead of both')
        expectEqual(await before(2500, 0), ['0', '1', '2'], 'between')
        expectEqual(await before(1000, 1), [], 'at the first')
        expectEqual(await before(9000, 99), ['0', '1', '2', '3'], 'behind all')
      }),
  },
  {
    name: 'a message that comes between two pages is in them if it is older than the first',
    run: (subject) =>
      withLog(subject, async (log) => {
        const sample = (id: string, at: number): MessageRecord =>
          sampleMessage(subject, id, { at, cookie: 'one' })
        await log.append([sample('a', 1000), sample('b', 2000), sample('c', 3000)])
        const late = [sample('late', 1500), sample('later', 4000), sample('tie', 2000)]
        const named = sampleMessage(subject, '', { cookie: 'one' }).fact.identifiers
        const seen = await walked(log, named, 2, () => log.append(late))
        expectEqual(seen, ['a', 'late', 'b', 'c'], 'the messages')
      }),
  },
]
