// An event log in memory: the reference of what the port means, gone when the process ends.

import type { Key } from '../../core/identifier/identifier.ts'
import {
  comparePlaces,
  type EventLog,
  type LogRecord,
  placeOf,
  type Position,
  type StoredMessage,
  type StoredRecord,
} from '../../ports/event-log.ts'
import { StoreError } from '../../ports/store-error.ts'

/** A new, empty log. */
export function createMemoryEventLog(): EventLog {
  const records: StoredRecord[] = []
  const ids = new Set<string>()
  const messages = new Map<Key, StoredMessage[]>()
  let closed = false

  const add = (record: LogRecord): Position | null => {
    const id = record.kind === 'message' ? `m${record.fact.id}` : `d${record.id}`
    if (ids.has(id)) return null
    ids.add(id)
    const position = records.length + 1
    if (record.kind === 'decision') {
      records.push({ ...record, position })
      return position
    }
    const message = { ...record, position }
    records.push(message)
    for (const key of new Set(record.fact.identifiers.map((identifier) => identifier.key))) {
      const named = messages.get(key)
      if (named === undefined) messages.set(key, [message])
      else named.push(message)
    }
    return position
  }

  /** Awaited by every operation, so that none is done before its call returns. */
  const assertOpen = async (): Promise<void> => {
    await Promise.resolve()
    if (closed) throw new StoreError('closed', 'the event log was closed', { retryable: false })
  }

  return {
    async append(appended) {
      await assertOpen()
      return appended.map((record) => add(record))
    },
    async read(from, limit) {
      await assertOpen()
      const start = Math.max(1, from) - 1
      return records.slice(start, start + limit)
    },
    async messagesOf(identifiers, limit, before) {
      await assertOpen()
      const found = new Set(identifiers.flatMap(({ key }) => messages.get(key) ?? []))
      return [...found]
        .filter((one) => before === undefined || comparePlaces(placeOf(one), before) < 0)
        .toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b)))
        .slice(-limit)
    },
    end: () => records.length,
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}
