// A message that comes again soon, as from a sender who was not answered: left out of what is delivered.
// Invariant: what is left out is told by the log alone, so every reader leaves out the same, whenever it begins.

import type { Position } from '../ports/event-log.ts'
import type { Delivered, SharedReading, SharedReadingOptions } from '../ports/shared-log.ts'

type StartAt = SharedReadingOptions['startAt']

/** What one source had lately. */
interface Lately {
  /** Behind it begins what is delivered; before it ids are read only. */
  readonly from: Position
  /** Id of a message -> where it stood last, in the order of that. */
  readonly ids: Map<string, Position>
  isBegun: boolean
}

/** Of foreign topics a record without an id of its own is named by its place. */
const WITH_IDS = 'events/'

/**
 * @param within records of a source: with the same id among so many before it, a message is a repeat
 * @param open makes the reader, which begins in each source where it is told
 */
export async function withoutRepeats(
  within: number,
  startAt: StartAt,
  open: (startAt: StartAt) => Promise<SharedReading>,
): Promise<SharedReading> {
  const sources = new Map<string, Lately>()
  const begin = (source: string, from: Position): Position => {
    if (!source.startsWith(WITH_IDS)) return from
    sources.set(source, { from, ids: new Map(), isBegun: false })
    return Math.max(0, from - within)
  }
  const reading = await open(async (source) => begin(source, await startAt(source)))
  return {
    sources: () => reading.sources(),
    next: async (limits) => {
      for (;;) {
        const came = await reading.next(limits)
        const left = came.flatMap((one) => leftOf(one, sources.get(one.source), within))
        if (came.length === 0 || left.length > 0) return left
      }
    },
    seek: (source, position) => {
      const lately = sources.get(source)
      if (lately?.isBegun === false && lately.from === position) return
      reading.seek(source, begin(source, position))
    },
    applied: (source, position) => reading.applied(source, position),
    close: () => reading.close(),
  }
}

function leftOf(came: Delivered, lately: Lately | undefined, within: number): readonly Delivered[] {
  if (lately === undefined) return [came]
  const { from, ids } = lately
  const records = came.records.filter((record) => {
    if (record.kind !== 'message') return true
    const { position } = record
    const last = ids.get(record.fact.id)
    ids.delete(record.fact.id)
    ids.set(record.fact.id, position)
    const isRepeat = last !== undefined && last < position && last >= position - within
    return position > from && !isRepeat
  })
  forgetBefore(ids, came.upTo - within)
  if (came.upTo <= from) return []
  lately.isBegun = true
  const poisoned = came.poisoned.filter(({ position }) => position > from)
  return [{ ...came, after: Math.max(came.after, from), records, poisoned }]
}

function forgetBefore(ids: Map<string, Position>, position: Position): void {
  for (const [id, at] of ids) {
    if (at >= position) return
    ids.delete(id)
  }
}
