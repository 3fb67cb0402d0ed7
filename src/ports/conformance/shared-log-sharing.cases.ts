// How the readers of one group share a log.

import type { Position } from '../event-log.ts'
import type { SharedReading } from '../shared-log.ts'
import { expectEqual } from './case.ts'
import {
  fromTheBeginning,
  readSome,
  sampleDecision,
  samples,
  sortedIds,
  withLog,
  type SharedLogCase,
} from './shared-log.subject.ts'

/** Until the readers together hold every source once; tells what each holds. */
async function shared(readers: readonly SharedReading[], sources: number): Promise<void> {
  for (let turn = 0; turn < 300; turn++) {
    await Promise.all(readers.map((reader) => reader.next({ recordsMax: 1, waitMs: 100 })))
    const held = readers.flatMap((reader) => reader.sources())
    const each = readers.every((reader) => reader.sources().length > 0)
    if (each && held.length === sources && new Set(held).size === sources) return
  }
  const held = readers.map((reader) => reader.sources().length).join(', ')
  throw new Error(`${sources} sources are not shared: the readers hold ${held}`)
}

export const sharingCases: readonly SharedLogCase[] = [
  {
    name: 'readers of a group share the sources, and one that goes leaves its share to the others',
    run: (subject) =>
      withLog(subject, async (log) => {
        const other = await subject.open()
        const sources = (await log.ends()).size
        const alone = await log.share('g', fromTheBeginning)
        await shared([alone], sources)
        const second = await other.share('g', fromTheBeginning)
        await shared([alone, second], sources)
        await second.close()
        await shared([alone], sources)
        await alone.close()
        await other.close()
      }),
  },
  {
    name: 'a source that is got again begins where it is told then',
    run: (subject) =>
      withLog(subject, async (log) => {
        const applied = new Map<string, Position>()
        const asked: string[] = []
        const options = {
          startAt: (source: string): Promise<Position> => {
            asked.push(source)
            return Promise.resolve(applied.get(source) ?? 0)
          },
        }
        await log.append(Array.from({ length: 6 }, (_, at) => sampleDecision(`d${at}`)))
        const first = await log.share('g', options)
        expectEqual(sortedIds(await readSome(first, 6)).length, 6, 'what the first got')
        applied.set('decisions/0', 4)
        await first.close()
        const second = await log.share('g', options)
        expectEqual(sortedIds(await readSome(second, 2)), ['d4', 'd5'], 'what the second got')
        expectEqual(asked.filter((source) => source === 'decisions/0').length, 2, 'asked')
        second.applied('decisions/0', 6)
        await second.close()
      }),
  },
  {
    name: 'readers of two groups each get everything',
    run: (subject) =>
      withLog(subject, async (log) => {
        await log.append(samples(subject, 12))
        const readers = await Promise.all(
          ['a', 'b'].map((name) => log.share(name, fromTheBeginning)),
        )
        const read = await Promise.all(readers.map((reader) => readSome(reader, 12)))
        expectEqual(
          read.map((one) => sortedIds(one).length),
          [12, 12],
          'what each got',
        )
        await Promise.all(readers.map((reader) => reader.close()))
      }),
  },
]
