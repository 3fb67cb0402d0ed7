// Random sequences of appending, reading, searching, sealing and reopening: the log on disk, and a reader beside it, say
// what the log in memory says.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  account,
  digest,
  numberedMessage,
  withDirectory,
} from '../../../test/file-log/directory.ts'
import type { EventLog, LogRecord, Place } from '../../ports/event-log.ts'
import { keyOf, type Identifier } from '../../core/identifier/identifier.ts'
import { createMemoryEventLog } from '../memory/event-log.ts'
import { openFileLog, openFileLogReader } from './index.ts'

function identifier(type: string, value: string): Identifier {
  return { key: keyOf(digest, account, type, '', value), type, namespace: '', value }
}

const text = fc.string({ unit: 'binary', maxLength: 12 })

/** Few ids, so that many are duplicates; strings of any kind, so that none breaks the text or the Parquet. */
const record: fc.Arbitrary<LogRecord> = fc.oneof(
  { weight: 5, arbitrary: fc.nat(60).map((number): LogRecord => numberedMessage(number)) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        id: text,
        site: text,
        name: text,
        value: text,
        raw: fc.jsonValue(),
        at: fc.integer(),
      })
      .map(({ id, site, name, value, raw, at }): LogRecord => {
        const base = numberedMessage(0)
        const identifiers = [identifier('cookie', value), identifier(name, 'shared')]
        const fact = { ...base.fact, id, site, name, at, identifiers, edges: [] }
        return { ...base, fact, raw: JSON.stringify(raw) }
      }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ id: fc.nat(9), note: text }).map(({ id, note }): LogRecord => ({
      kind: 'decision',
      id: `decision ${id}`,
      at: id,
      author: note,
      decision: { type: 'quarantine', identifier: digest(note), note },
    })),
  },
)

/** Among the times of the numbered messages, some of which are equal, and of the others. */
const place: fc.Arbitrary<Place> = fc.record({
  at: fc.oneof(
    fc.nat(60).map((number) => numberedMessage(number).fact.at),
    fc.integer(),
  ),
  position: fc.nat(60),
})

type Step =
  | { readonly does: 'append'; readonly calls: readonly LogRecord[][] }
  | { readonly does: 'read'; readonly from: number; readonly limit: number }
  | {
      readonly does: 'search'
      readonly cookie: number
      readonly limit: number
      readonly before: Place | undefined
    }
  | { readonly does: 'settle' | 'reopen' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('append' as const),
      calls: fc.array(fc.array(record, { maxLength: 8 }), { maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('read' as const),
      from: fc.integer({ min: 1, max: 60 }),
      limit: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('search' as const),
      cookie: fc.nat(11),
      limit: fc.integer({ min: 1, max: 20 }),
      before: fc.option(place, { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ does: 'settle' as const }, { does: 'reopen' as const }),
  },
)

/** What a log, or a reader of it, answers to a question; null to any other step. */
async function answer(log: Pick<EventLog, 'read' | 'messagesOf'>, asked: Step): Promise<unknown> {
  if (asked.does === 'read') return log.read(asked.from, asked.limit)
  if (asked.does !== 'search') return null
  const wanted = [identifier('cookie', `cookie ${asked.cookie}`), identifier('email', 'mail 1')]
  return log.messagesOf(wanted, asked.limit, asked.before)
}

test('the log on disk says what the one in memory says', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.constantFrom(1, 2_000, 10_000),
      (steps, segmentBytesMax) =>
        withDirectory(async (directory) => {
          const model = createMemoryEventLog()
          const open = () =>
            openFileLog(directory, { account, segmentBytesMax, runsMergedAtOnce: 2 })
          let log = await open()
          const reader = await openFileLogReader(directory)
          try {
            for (const asked of steps) {
              const calls = asked.does === 'append' ? asked.calls : []
              const positions = await Promise.all(calls.map((records) => log.append(records)))
              expect(positions).toEqual(
                await Promise.all(calls.map((records) => model.append(records))),
              )
              if (asked.does === 'settle') await log.settle()
              if (asked.does === 'reopen') {
                await log.close()
                log = await open()
              }
              const expected = await answer(model, asked)
              expect(await answer(log, asked)).toEqual(expected)
              expect(log.end()).toBe(model.end())
              await reader.refresh()
              expect(await answer(reader, asked)).toEqual(expected)
              expect(reader.end()).toBe(model.end())
            }
            expect(await log.read(1, 10_000)).toEqual(await model.read(1, 10_000))
          } finally {
            await reader.close()
            await log.close()
          }
        }),
    ),
    { numRuns: Math.min(Number(process.env['SELFSAME_RUNS'] ?? 40), 1_000) },
  ),
)
