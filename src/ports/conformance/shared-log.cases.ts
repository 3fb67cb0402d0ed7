// What every shared log must do. A subject is one log, empty at first, that can be opened several times at once.

import type { LogRecord, Position } from '../event-log.ts'
import type { SharedPart } from '../shared-log.ts'
import { expectEqual } from './case.ts'
import { sampleMessage } from './event-log.subject.ts'
import { sharingCases } from './shared-log-sharing.cases.ts'
import {
  bySource,
  fromTheBeginning,
  readSome,
  sampleDecision,
  samples,
  sortedIds,
  WAIT_MS,
  withLog,
  type SharedLogCase,
  type SharedLogSubject,
} from './shared-log.subject.ts'

/** A message whose identifiers were all placeholders is kept, too. */
function namingNobody(subject: SharedLogSubject): LogRecord {
  const sample = sampleMessage(subject, 'nobody')
  return { ...sample, fact: { ...sample.fact, identifiers: [] } }
}

export type { SharedLogSubject } from './shared-log.subject.ts'

const appending: readonly SharedLogCase[] = [
  {
    name: 'an empty log has all its sources, each ending at 0',
    run: (subject) =>
      withLog(subject, async (log) => {
        const ends = await log.ends()
        expectEqual(ends.has('events/0') && ends.has('decisions/0'), true, 'the sources')
        expectEqual([...new Set(ends.values())], [0], 'the ends')
        expectEqual(await log.append([]), [], 'nothing appended')
      }),
  },
  {
    name: 'records come back as they were, from the place that was told',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = [...samples(subject, 30), namingNobody(subject), sampleDecision('d1')]
        const placed = await log.append(records)
        const reading = await log.readAll(fromTheBeginning)
        const read = bySource(await readSome(reading, records.length))
        for (const [index, { source, position }] of placed.entries()) {
          const found = read.get(source)?.find((one) => one.position === position)
          expectEqual(
            found,
            { ...records[index], position },
            `what stands at ${source} ${position}`,
          )
        }
        expectEqual(placed.at(-1)?.source, 'decisions/0', 'the source of a decision')
        await reading.close()
      }),
  },
  {
    name: 'who needs the facts alone gets them without the text, and decisions whole',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = [...samples(subject, 20), sampleDecision('d1')]
        const placed = await log.append(records)
        const reading = await log.readAll({ ...fromTheBeginning, factsOnly: true })
        const read = bySource(await readSome(reading, records.length))
        for (const [index, { source, position }] of placed.entries()) {
          const found = read.get(source)?.find((one) => one.position === position)
          const given = records[index]
          const wanted = given?.kind === 'message' ? { ...given, raw: '' } : given
          expectEqual(found, { ...wanted, position }, `what stands at ${source} ${position}`)
        }
        await reading.close()
      }),
  },
  {
    name: 'what names the same cookie first stands in one source, in the order it was appended',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = samples(subject, 70)
        const placed = [
          ...(await log.append(records.slice(0, 35))),
          ...(await log.append(records.slice(35))),
        ]
        for (let cookie = 0; cookie < 7; cookie++) {
          const its = placed.filter((_, at) => at % 7 === cookie)
          const positions = its.map(({ position }) => position)
          expectEqual(new Set(its.map(({ source }) => source)).size, 1, 'its sources')
          expectEqual(
            positions,
            positions.toSorted((a, b) => a - b),
            'its positions',
          )
        }
      }),
  },
  {
    name: 'the end of a source is the position of its last record',
    run: (subject) =>
      withLog(subject, async (log) => {
        const placed = await log.append(samples(subject, 20))
        const ends = await log.ends()
        const last = new Map(placed.map(({ source, position }) => [source, position]))
        expectEqual(
          [...last].map(([source]) => ends.get(source)),
          [...last.values()],
          'the ends',
        )
      }),
  },
  {
    name: 'a log that was closed appends nothing more',
    run: async (subject) => {
      const log = await subject.open()
      await log.close()
      const said = await log.append(samples(subject, 1)).catch((cause: unknown) => cause)
      expectEqual(said instanceof Error && said.name, 'StoreError', 'the answer')
    },
  },
]

const reading: readonly SharedLogCase[] = [
  {
    name: 'a reader begins behind the position it is told, in every source',
    run: (subject) =>
      withLog(subject, async (log) => {
        const placed = await log.append(samples(subject, 60))
        const from = new Map<string, Position>()
        for (const { source, position } of placed.slice(0, 30)) from.set(source, position)
        const behind = placed.filter(({ source, position }) => position > (from.get(source) ?? 0))
        const reader = await log.readAll({
          startAt: (source) => Promise.resolve(from.get(source) ?? 0),
        })
        const read = await readSome(reader, behind.length)
        for (const [source, records] of bySource(read)) {
          const its = behind.filter((one) => one.source === source)
          const is = records.map(({ position }) => position)
          expectEqual(
            is,
            its.map(({ position }) => position),
            source,
          )
        }
        await reader.close()
      }),
  },
  {
    name: 'no more records come at once than were asked for, and upTo tells how far they go',
    run: (subject) =>
      withLog(subject, async (log) => {
        await log.append(samples(subject, 50))
        const reader = await log.readAll(fromTheBeginning)
        let count = 0
        const ends = await log.ends()
        const reached = new Map<string, Position>()
        while (count < 50) {
          const delivered = await reader.next({ recordsMax: 3, waitMs: WAIT_MS })
          const records = delivered.flatMap((one) => one.records)
          expectEqual(records.length > 0 && records.length <= 3, true, `${records.length} at once`)
          for (const { source, upTo, end, records: its } of delivered) {
            expectEqual(its.at(-1)?.position, upTo, 'upTo')
            expectEqual(end, ends.get(source), 'the end')
            reached.set(source, upTo)
          }
          count += records.length
        }
        for (const [source, upTo] of reached) expectEqual(upTo, ends.get(source), source)
        await reader.close()
      }),
  },
  {
    name: 'seek goes back and forth',
    run: (subject) =>
      withLog(subject, async (log) => {
        const records = Array.from({ length: 10 }, (_, at) => sampleDecision(`d${at}`))
        await log.append(records)
        const reader = await log.readAll({ ...fromTheBeginning, parts: ['decisions'] })
        expectEqual((await readSome(reader, 10)).at(-1)?.upTo, 10, 'the end')
        reader.seek('decisions/0', 7)
        expectEqual(sortedIds(await readSome(reader, 3)), ['d7', 'd8', 'd9'], 'once more')
        reader.seek('decisions/0', 2)
        reader.seek('decisions/0', 9)
        expectEqual(sortedIds(await readSome(reader, 1)), ['d9'], 'the last of two seeks')
        reader.seek('events/99', 5)
        await reader.close()
      }),
  },
  {
    name: 'a reader waits for what comes later, and gives nothing when nothing does',
    run: (subject) =>
      withLog(subject, async (log) => {
        const reader = await log.readAll(fromTheBeginning)
        expectEqual(await reader.next({ recordsMax: 10, waitMs: 300 }), [], 'nothing yet')
        const [delivered] = await Promise.all([
          reader.next({ recordsMax: 10, waitMs: WAIT_MS }),
          log.append([sampleDecision('late')]),
        ])
        expectEqual(sortedIds(delivered), ['late'], 'what came')
        await reader.close()
      }),
  },
  {
    name: 'only the parts that were asked for are read',
    run: (subject) =>
      withLog(subject, async (log) => {
        await log.append([...samples(subject, 5), sampleDecision('d')])
        const parts: readonly SharedPart[] = ['decisions']
        const reader = await log.readAll({ ...fromTheBeginning, parts })
        expectEqual(reader.sources(), ['decisions/0'], 'the sources')
        expectEqual(sortedIds(await readSome(reader, 1)), ['d'], 'the records')
        await reader.close()
      }),
  },
]

export const sharedLogCases: readonly SharedLogCase[] = [...appending, ...reading, ...sharingCases]
