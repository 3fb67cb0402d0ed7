// An archive that is killed at any point and begun again, its note lost or not: each record is in it once, of each source in
// order, and a decision after what its author had seen.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { sha256 } from '../../test/extraction.ts'
import { createMemoryEventLog, createMemorySharedLog } from '../adapters/memory/index.ts'
import { sampleMessage } from '../ports/conformance/event-log.subject.ts'
import { sampleDecision } from '../ports/conformance/shared-log.subject.ts'
import type { EventLog, LogRecord, StoredRecord } from '../ports/event-log.ts'
import type { Placed, SharedLog } from '../ports/shared-log.ts'
import { StoreError } from '../ports/store-error.ts'
import { type Archived, archiveLog } from './archive-log.ts'

const subject = { account: 'default', digest: sha256 }
const NOTHING: Archived = { end: 0, sources: {} }
const stepArb = fc.record({
  records: fc.nat(6),
  isDecision: fc.boolean(),
  /** After how many of its calls an archive dies; and whether what it noted is lost, and how much of it. */
  dies: fc.option(fc.nat(12)),
  notesLost: fc.nat(3),
})

const idOf = (record: LogRecord): string => (record.kind === 'message' ? record.fact.id : record.id)

class Archive {
  readonly memory = createMemorySharedLog({ partitions: 3 })
  readonly shared: SharedLog = this.memory.open()
  readonly log: EventLog = createMemoryEventLog()
  readonly placed = new Map<string, Placed>()
  readonly decisions = new Map<string, ReadonlyMap<string, number>>()
  readonly notes: Archived[] = [NOTHING]
  #serial = 0

  async put(count: number, isDecision: boolean): Promise<void> {
    for (let left = count; left > 0; left--) {
      const id = `m${this.#serial++}`
      await this.#append(sampleMessage(subject, id, { cookie: `c${this.#serial % 5}` }))
    }
    if (!isDecision) return
    const after = await this.shared.ends()
    const id = `d${this.#serial++}`
    this.decisions.set(id, after)
    await this.#append({ ...sampleDecision(id), after: Object.fromEntries(after) })
  }

  /** Runs until it dies at one of its calls, before it or behind it; or until it has everything. */
  async run(dies: number | null): Promise<void> {
    const archived = this.notes.at(-1) ?? NOTHING
    const stop = new AbortController()
    const end = [...this.placed.keys()].length
    let calls = dies ?? Infinity
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      if (calls-- <= 0) throw new StoreError('unavailable', 'killed', { retryable: false })
      const answer = await work()
      if (calls-- <= 0) throw new StoreError('unavailable', 'killed', { retryable: false })
      return answer
    }
    const startAt = (source: string) => Promise.resolve(archived.sources[source] ?? 0)
    const reading = await this.shared.readAll({ startAt })
    let now = 0
    const running = archiveLog(
      {
        reading: {
          sources: () => reading.sources(),
          seek: (source, position) => reading.seek(source, position),
          applied: (source, position) => reading.applied(source, position),
          close: () => reading.close(),
          next: async (limits) => call(async () => reading.next(limits)),
        },
        log: {
          append: async (records) => call(async () => this.log.append(records)),
          end: () => this.log.end(),
        },
        archived,
        note: async (note) => {
          await call(() => Promise.resolve(this.notes.push(note)))
        },
        limits: { recordsMax: 4, waitMs: 1, noteEveryMs: 2 },
        now: () => now++,
        told: ({ lag }) => {
          const isAll = [...lag.values()].every((behind) => behind === 0)
          if (isAll && this.log.end() === end) stop.abort()
        },
      },
      stop.signal,
    )
    await running.catch(expectKilled)
    await reading.close()
  }

  async #append(record: LogRecord): Promise<void> {
    const [place] = await this.shared.append([record])
    if (place !== undefined) this.placed.set(idOf(record), place)
  }
}

function expectKilled(cause: unknown): void {
  expect(cause).toBeInstanceOf(StoreError)
}

/** Each once, of each source in order, decisions after what their authors had seen. */
function expectArchived(archive: Archive, records: readonly StoredRecord[]): void {
  expect(records.map(idOf).toSorted()).toEqual([...archive.placed.keys()].toSorted())
  const at = new Map<string, number>()
  for (const record of records) {
    const { source, position } = archive.placed.get(idOf(record)) ?? { source: '', position: 0 }
    expect(position).toBe((at.get(source) ?? 0) + 1)
    for (const [seen, end] of archive.decisions.get(idOf(record)) ?? [])
      expect(at.get(seen) ?? 0).toBeGreaterThanOrEqual(end)
    at.set(source, position)
  }
}

test('each record is in it once, whenever it was killed and whatever of its notes was lost', async () => {
  let killed = 0
  await fc.assert(
    fc.asyncProperty(fc.array(stepArb, { maxLength: 8 }), async (steps) => {
      const archive = new Archive()
      for (const { records, isDecision, dies, notesLost } of steps) {
        await archive.put(records, isDecision)
        if (dies === null) continue
        killed++
        await archive.run(dies)
        archive.notes.splice(Math.max(1, archive.notes.length - notesLost))
        for (const { end } of archive.notes) expect(end).toBeLessThanOrEqual(archive.log.end())
      }
      await archive.put(1, true)
      await archive.run(null)
      expectArchived(archive, await archive.log.read(1, 10_000))
      const ends = Object.fromEntries(await archive.shared.ends())
      const noted = archive.notes.at(-1)
      expect({ ...ends, ...noted?.sources }).toEqual(ends)
      expect(noted?.end).toBe(archive.log.end())
    }),
  )
  expect(killed).toBeGreaterThan(0)
})
