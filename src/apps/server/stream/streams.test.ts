// Who listens to a feed: places, pages, what waits for one who does not read, and the limits of all that.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'

import { hash } from 'node:crypto'

import { createMemoryIdentityStore } from '../../../adapters/memory/index.ts'
import { samplesOf } from '../../../ports/conformance/identity-store.samples.ts'
import { committed } from '../../../ports/conformance/identity-store.subject.ts'
import { StoreError } from '../../../ports/store-error.ts'
import type { StreamLimits } from './stream-limits.ts'
import { type StreamParts, Streams, type WantedPlace } from './streams.ts'

const digest = (text: string): string => hash('sha256', text)
const { people, change } = samplesOf({ account: 'default', digest })

const FAST: Partial<StreamLimits> = { lookEveryMs: 2, heartbeatMs: 60_000, endWaitMs: 5 }

interface Heard {
  /** Ids of the rows. */
  readonly ids: string[]
  text: string
  /** Reads what there is now, up to the end if there is one. */
  upTo(enough: (text: string) => boolean): Promise<string>
  readonly cuts: number
  reader: ReadableStreamDefaultReader<Uint8Array>
}

async function setUp(limits: Partial<StreamLimits> = {}, changed: Partial<StreamParts> = {}) {
  const store = createMemoryIdentityStore()
  await committed(store, people('cookie:1'))
  const reported: unknown[] = []
  const report = (cause: unknown): void => void reported.push(cause)
  const turn = (): Promise<void> => Promise.resolve()
  const streams = new Streams({ store, report, turn, ...changed }, { ...FAST, ...limits })
  let revision = 0
  const happen = async (count = 1): Promise<void> => {
    const changes = Array.from({ length: count }, () => change('cookie:1', ++revision))
    await committed(store, { changes })
  }
  const listen = async (wanted: WantedPlace, may = () => true): Promise<Heard | null> => {
    let cuts = 0
    const stream = await streams.listen(wanted, {
      mayListen: () => Promise.resolve(may()),
      cut: () => void cuts++,
    })
    if (stream === null) return null
    const reader = stream.getReader()
    const heard: Heard = {
      reader,
      text: '',
      get ids() {
        return [...heard.text.matchAll(/^id: (.+)\nevent: (?!hello|reset)/gm)].map(
          ([, id = '']) => id,
        )
      },
      get cuts() {
        return cuts
      },
      upTo: async (enough) => {
        while (!enough(heard.text)) {
          const { done, value } = await reader.read()
          if (done) break
          heard.text += Buffer.from(value).toString()
        }
        return heard.text
      },
    }
    return heard
  }
  return { store, streams, reported, happen, listen, epoch: await store.epoch() }
}

const has = (count: number) => (text: string) =>
  (text.match(/^event: profile/gm) ?? []).length >= count

function sequences(epoch: string, from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${epoch}-${from + i}`)
}

test('from now on, from a place, from the start: each row once and in order', async () => {
  const { happen, listen, streams, epoch } = await setUp({ pageRows: 3 })
  await happen(10)
  const now = await listen(null)
  const place = await listen({ epoch, sequence: 4 })
  const start = await listen('start')
  expect(await now?.upTo((text) => text.includes('\n\n'))).toBe(
    `retry: 1000\nid: ${epoch}-10\nevent: hello\ndata: {"place":"${epoch}-10"}\n\n`,
  )
  expect(await place?.upTo(has(6))).toContain(`id: ${epoch}-4\nevent: hello`)
  await start?.upTo(has(10))
  await happen(7)
  for (const [heard, from] of [
    [now, 11],
    [place, 5],
    [start, 1],
  ] as const) {
    await heard?.upTo(has(17 - from + 1))
    expect(heard?.ids).toEqual(sequences(epoch, from, 17))
  }
  const [, data = ''] = /^data: (.*profile.updated.*)$/m.exec(start?.text ?? '') ?? []
  expect(JSON.parse(data)).toMatchObject({
    type: 'profile.updated',
    sequence: 1,
    revision: 1,
    review: null,
    run: null,
  })
  streams.close()
})

test('a place of another feed, or beyond the end, is told to read anew, and goes on from the end', async () => {
  const { happen, listen, streams, epoch } = await setUp()
  await happen(3)
  for (const [place, why] of [
    [{ epoch: 'other', sequence: 2 }, 'is of another feed'],
    [{ epoch, sequence: 4 }, 'is beyond the end'],
  ] as const) {
    const heard = await listen(place)
    await heard?.upTo((text) => text.includes('event: reset'))
    // An id with the hello alone would have lost the reset with the connection.
    expect(heard?.text).toMatch(
      new RegExp(
        `^retry: 1000\nevent: hello\n.*\n\nid: ${epoch}-3\nevent: reset\ndata: .*${why}.*\n\n$`,
      ),
    )
  }
  const both = await listen({ epoch, sequence: 3 })
  await both?.upTo((text) => text.includes('\n\n'))
  expect(both?.text).not.toContain('reset')
  streams.close()
})

test('one who does not read has only so much waiting, and reads on from its own place', async () => {
  const waitingBytesMax = 4_096
  const pageRows = 10
  const { happen, listen, streams, epoch } = await setUp({ waitingBytesMax, pageRows })
  const slow = await listen(null)
  const quick = await listen(null)
  await happen(pageRows)
  await quick?.upTo(has(pageRows))
  const pageBytes = quick?.text.length ?? 0
  for (let i = 1; i < 20; i++) {
    await happen(pageRows)
    await quick?.upTo(has((i + 1) * pageRows))
    expect(streams.waitingBytes).toBeLessThan(waitingBytesMax + 2 * pageBytes)
  }
  expect(quick?.ids).toEqual(sequences(epoch, 1, 200))
  expect(streams.waitingBytes).toBeGreaterThan(waitingBytesMax / 2)
  await slow?.upTo(has(200))
  await happen(1)
  await slow?.upTo(has(201))
  expect(slow?.ids).toEqual(sequences(epoch, 1, 201))
  streams.close()
})

test('one who takes nothing for too long is cut off; one who has nothing to take is not', async () => {
  const limits = { waitingBytesMax: 100, takesNothingMsMax: 40, pageRows: 5 }
  const { happen, listen, streams } = await setUp(limits)
  const idle = await listen(null)
  await idle?.upTo((text) => text.includes('\n\n'))
  const stuck = await listen(null)
  await happen(5)
  await idle?.upTo(has(5))
  await expect.poll(() => streams.open).toBe(1)
  expect(stuck?.cuts).toBeGreaterThan(0)
  expect(idle?.cuts).toBe(0)
  await happen(1)
  await idle?.upTo(has(6))
  streams.close()
})

test('a comment tells that it lives, and ends it for who may listen no more', async () => {
  const { listen, streams, happen } = await setUp({ heartbeatMs: 5 })
  let may = true
  const heard = await listen(null, () => may)
  await heard?.upTo((text) => text.includes(': \n\n: \n\n'))
  may = false
  await heard?.upTo(() => false)
  expect(streams.open).toBe(0)
  await happen(1)
  await expect.poll(() => heard?.cuts).toBe(1)
  expect(heard?.ids).toEqual([])
})

test('so many at once; whoever leaves makes room, and after the end there is none', async () => {
  const { listen, streams } = await setUp({ streamsMax: 3 })
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => listen(null)))
  expect(all.filter((one) => one !== null)).toHaveLength(3)
  await all[0]?.reader.cancel()
  expect(streams.open).toBe(2)
  expect(await listen(null)).not.toBeNull()
  expect(await listen(null)).toBeNull()
  const last = all[1]
  streams.close()
  expect(await last?.upTo(() => false)).toContain('hello')
  expect([streams.open, await listen(null)]).toEqual([0, null])
})

test('a store that does not answer is reported once, and nobody misses anything', async () => {
  const store = createMemoryIdentityStore()
  let isAway = false
  const away = new StoreError('unavailable', 'the disk is away', { retryable: true })
  const feed: typeof store.feed = async (after, limit) => {
    if (isAway) throw away
    return store.feed(after, limit)
  }
  const { listen, streams, reported } = await setUp({}, { store: { ...store, feed } })
  await committed(store, people('cookie:1'))
  const heard = await listen(null)
  isAway = true
  await expect.poll(() => reported.length).toBe(1)
  await committed(store, { changes: [change('cookie:1', 1)] })
  await sleep(20)
  expect(reported).toEqual([away])
  isAway = false
  await heard?.upTo(has(1))
  expect(heard?.ids).toHaveLength(1)
  streams.close()
})
