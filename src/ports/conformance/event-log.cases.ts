// What every event log must do. A subject is one log, empty at first, that can be closed and opened again.

import type { DecisionRecord, LogRecord, Position } from '../event-log.ts'
import { expectEqual } from './case.ts'
import { pagingCases } from './event-log-paging.cases.ts'
import { type EventLogCase, idsOf, sampleMessage, withLog } from './event-log.subject.ts'

export type { EventLogNeed, EventLogSubject } from './event-log.subject.ts'

function sampleDecision(id: string): DecisionRecord {
  const decision = { type: 'policy', version: id, settings: '{}' } as const
  return { kind: 'decision', id, at: 1_700_000_000_000, author: 'steward', decision }
}

function numbered(records: readonly LogRecord[], first: Position): readonly unknown[] {
  return records.map((record, at) => ({ ...record, position: first + at }))
}

const appending: readonly EventLogCase[] = [
  {
    name: 'an empty log ends at 0 and has nothing to read',
    run: (subject) =>
      withLog(subject, async (log) => {
        expectEqual(log.end(), 0, 'the end')
        expectEqual(await log.read(1, 10), [], 'the records')
        expectEqual(await log.append([]), [], 'nothing appended')
      }),
  },
  {
    name: 'records get consecutive positions from 1 and come back as they were',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = [
          sampleMessage(subject, 'a', { email: 'x' }),
          sampleDecision('b'),
          sampleMessage(subject, 'c'),
        ]
        expectEqual(await log.append(records), [1, 2, 3], 'the positions')
        expectEqual(log.end(), 3, 'the end')
        expectEqual(await log.read(1, 10), numbered(records, 1), 'the records')
      }),
  },
  {
    name: 'an id is taken once, within a call and over calls',
    run: (subject) =>
      withLog(subject, async (log) => {
        const [a, b, c] = ['a', 'b', 'c'].map((id) => sampleMessage(subject, id))
        if (a === undefined || b === undefined || c === undefined) return
        expectEqual(await log.append([a, b, a]), [1, 2, null], 'the first call')
        expectEqual(await log.append([b, c]), [null, 3], 'the second call')
        expectEqual(await log.append([a, b, c]), [null, null, null], 'the third call')
        expectEqual(log.end(), 3, 'the end')
      }),
  },
  {
    name: 'a decision and a message may have the same id',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = [sampleMessage(subject, 'a'), sampleDecision('a')]
        expectEqual(await log.append(records), [1, 2], 'the positions')
        expectEqual(await log.append(records), [null, null], 'once more')
      }),
  },
  {
    name: 'calls made at the same time keep their records together and in order',
    run: (subject) =>
      withLog(subject, async (log) => {
        const calls = Array.from({ length: 20 }, (_, call) =>
          ['x', 'y', 'z'].map((part) => sampleMessage(subject, `${call}${part}`)),
        )
        const positions = await Promise.all(calls.map((records) => log.append(records)))
        expectEqual(
          positions.flat(),
          Array.from({ length: 60 }, (_, at) => at + 1),
          'positions',
        )
        expectEqual(await log.read(1, 100), numbered(calls.flat(), 1), 'the records')
      }),
  },
  {
    name: 'of the same records in calls made at the same time, one call gets the positions',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = ['a', 'b'].map((id) => sampleMessage(subject, id))
        const positions = await Promise.all([1, 2, 3].map(() => log.append(records)))
        expectEqual(
          positions,
          [
            [1, 2],
            [null, null],
            [null, null],
          ],
          'the positions',
        )
        expectEqual(log.end(), 2, 'the end')
      }),
  },
  {
    name: 'every text comes back, whatever its characters',
    run: (subject) =>
      withLog(subject, async (log) => {
        const odd = [
          '"\\\t\n',
          'é ü ß',
          '日本語',
          '😀',
          '\u2028\u0000\u001f',
          '\uFEFFx',
          "'; --",
          '',
        ]
        const records = odd.map((text) => {
          const record = sampleMessage(subject, `id ${text}`, { cookie: text })
          const raw = JSON.stringify({ text })
          return { ...record, fact: { ...record.fact, name: text, site: text }, raw }
        })
        await log.append(records)
        expectEqual(await log.read(1, 10), numbered(records, 1), 'the records')
        const [, second] = records
        if (second === undefined) return
        const found = await log.messagesOf(second.fact.identifiers, 10)
        expectEqual(idsOf(found), ['id é ü ß'], 'the messages of one')
      }),
  },
  {
    name: 'a message over several lines keeps its meaning',
    run: (subject) =>
      withLog(subject, async (log) => {
        const raw = '{\r\n\t"a": "b\\n\\tc",\n"d": 1 }'
        await log.append([{ ...sampleMessage(subject, 'a'), raw }])
        const [record] = await log.read(1, 1)
        const back: unknown = record?.kind === 'message' ? JSON.parse(record.raw) : undefined
        expectEqual(back, JSON.parse(raw), 'the message')
      }),
  },
]

const reading: readonly EventLogCase[] = [
  {
    name: 'reads from any position, as many as asked for, and nothing behind the end',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = Array.from({ length: 50 }, (_, at) => sampleMessage(subject, `${at}`))
        await log.append(records)
        expectEqual(await log.read(1, 7), numbered(records.slice(0, 7), 1), 'the first')
        expectEqual(await log.read(8, 7), numbered(records.slice(7, 14), 8), 'those behind')
        expectEqual(await log.read(50, 7), numbered(records.slice(49), 50), 'the last')
        expectEqual(await log.read(51, 7), [], 'nothing')
        await log.append([sampleMessage(subject, 'late')])
        expectEqual((await log.read(51, 7)).length, 1, 'what came later')
      }),
  },
  {
    name: 'finds the latest messages of identifiers by event time, newest last',
    run: (subject) =>
      withLog(subject, async (log) => {
        await log.append([
          sampleMessage(subject, 'new', { at: 3000, cookie: 'one' }),
          sampleMessage(subject, 'other', { at: 2500, cookie: 'other' }),
          sampleMessage(subject, 'old', { at: 1000, cookie: 'one' }),
          sampleMessage(subject, 'tie 1', { at: 2000, cookie: 'two', email: 'shared' }),
          sampleMessage(subject, 'tie 2', { at: 2000, cookie: 'one', email: 'shared' }),
        ])
        const named = ['one', 'two'].flatMap(
          (cookie) => sampleMessage(subject, '', { cookie }).fact.identifiers,
        )
        const found = await log.messagesOf(named, 10)
        expectEqual(idsOf(found), ['old', 'tie 1', 'tie 2', 'new'], 'all')
        expectEqual(idsOf(await log.messagesOf(named, 2)), ['tie 2', 'new'], 'the latest two')
        expectEqual(await log.messagesOf([], 10), [], 'of nothing')
      }),
  },
  {
    name: 'tells identifiers of different types apart',
    run: (subject) =>
      withLog(subject, async (log) => {
        await log.append([
          sampleMessage(subject, 'a', { cookie: 'same' }),
          sampleMessage(subject, 'b', { cookie: 'b', email: 'same' }),
        ])
        const [, email] = sampleMessage(subject, '', { email: 'same' }).fact.identifiers
        if (email === undefined) return
        expectEqual(idsOf(await log.messagesOf([email], 10)), ['b'], 'the messages')
      }),
  },
]

const restarting: readonly EventLogCase[] = [
  {
    name: 'what was acknowledged is there after a restart, and its ids are known',
    needs: 'restart',
    run: async (subject) => {
      const records = Array.from({ length: 30 }, (_, at) => sampleMessage(subject, `${at}`))
      await withLog(subject, async (log) => {
        await log.append(records.slice(0, 20))
      })
      await withLog(subject, async (log) => {
        expectEqual(log.end(), 20, 'the end')
        const positions = await log.append(records)
        expectEqual(positions.filter((position) => position === null).length, 20, 'duplicates')
        expectEqual(await log.read(1, 100), numbered(records, 1), 'the records')
      })
    },
  },
]

export const eventLogCases: readonly EventLogCase[] = [
  ...appending,
  ...reading,
  ...pagingCases,
  ...restarting,
]
