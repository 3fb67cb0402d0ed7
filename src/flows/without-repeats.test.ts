// What is delivered is what the log says is no repeat, wherever a reader begins, is sent, or dies.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { createMemorySharedLog } from '../adapters/memory/index.ts'
import { sha256 } from '../../test/extraction.ts'
import { sampleMessage } from '../ports/conformance/event-log.subject.ts'
import type { Position } from '../ports/event-log.ts'
import type { Delivered } from '../ports/shared-log.ts'
import { withoutRepeats } from './without-repeats.ts'

const SOURCE = 'events/0'
const subject = { account: 'default', digest: sha256 }

/** Positions of those that count. */
function counting(ids: readonly string[], within: number): readonly Position[] {
  return ids.flatMap((id, at) =>
    ids.slice(Math.max(0, at - within), at).includes(id) ? [] : [at + 1],
  )
}

/** Checks what came behind a position; where it ends. */
function heard(
  came: readonly Delivered[],
  behind: Position,
  wanted: readonly Position[],
): Position {
  return came.reduce((at, { after, upTo, records }) => {
    expect(after).toBe(at)
    const between = wanted.filter((place) => place > at && place <= upTo)
    expect(records.map(({ position }) => position)).toEqual(between)
    return upTo
  }, behind)
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 7 }) }) },
  fc.record({ seek: fc.nat(40) }),
  fc.record({ begin: fc.nat(40) }),
)

test('whoever begins anywhere leaves out the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(12), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 10 }),
      fc.array(step, { maxLength: 20 }),
      async (numbers, within, steps) => {
        const ids = numbers.map((number) => `m${number}`)
        const log = createMemorySharedLog({ partitions: 1 }).open()
        await log.append(ids.map((id) => sampleMessage(subject, id, { cookie: 'c' })))
        const wanted = counting(ids, within)
        const openAt = (position: Position) =>
          withoutRepeats(
            within,
            () => Promise.resolve(position),
            (startAt) => log.readAll({ startAt, parts: ['events'] }),
          )
        let reading = await openAt(0)
        let at = 0
        for (const one of [...steps, { read: 1_000 }]) {
          if ('begin' in one) {
            await reading.close()
            at = Math.min(one.begin, ids.length)
            reading = await openAt(at)
          } else if ('seek' in one) {
            at = Math.min(one.seek, ids.length)
            reading.seek(SOURCE, at)
          } else at = heard(await reading.next({ recordsMax: one.read, waitMs: 1 }), at, wanted)
        }
        expect(at).toBe(ids.length)
        await log.close()
      },
    ),
  )
})
