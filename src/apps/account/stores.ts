// The stores of a data directory: which technology keeps the log and the graph is decided here and nowhere else.

import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { openFileLog, openFileLogReader } from '../../adapters/file-log/index.ts'
import { openRocksStore } from '../../adapters/rocksdb/index.ts'
import {
  openSqliteKeyStore,
  openSqliteStore,
  openThreadedStore,
} from '../../adapters/sqlite/index.ts'
import type { ColumnarLog } from '../../ports/columnar-log.ts'
import { type EventLog, placeOf, type Position, type StoredMessage } from '../../ports/event-log.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { KeyStore } from '../../ports/key-store.ts'
import { systemError } from '../user-error.ts'
import type { AccountLayout, Layout } from './layout.ts'

const DIRECTORY_MODE = 0o700
const FILE_MODE = 0o600

/** A directory that only its owner may look into, if it is not there. @throws {UserError} */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE })
  } catch (cause) {
    throw systemError(`create ${path}`, cause)
  }
}

/** The log, to write; the only one of its directory. @throws {StoreError} `locked` when somebody else has it. */
export async function openLog(
  { logDirectory }: AccountLayout,
  account: string,
): Promise<EventLog & ColumnarLog> {
  return openFileLog(logDirectory, { account })
}

/** The graph, to write in a thread of its own; created when there is none. @throws {StoreError} */
export async function openGraph({ graphFile }: AccountLayout): Promise<IdentityStore> {
  await makeDirectory(dirname(graphFile))
  return openThreadedStore(graphFile)
}

/** The same kept by RocksDB; one process at a time has it open. @throws {StoreError} */
export async function openRocksGraph({ rocksDirectory }: AccountLayout): Promise<IdentityStore> {
  await makeDirectory(dirname(rocksDirectory))
  return openRocksStore(rocksDirectory)
}

/** The keys of a data directory; several processes may have them open. @throws {StoreError} */
export async function openKeys({ directory, keysFile }: Layout): Promise<KeyStore> {
  await makeDirectory(directory)
  // Made by hand, since SQLite would let others read it.
  const made = await open(keysFile, 'a', FILE_MODE).catch(() => null)
  await made?.close()
  return openSqliteKeyStore(keysFile)
}

/** What a log that is only read offers. */
type ReadLog = Pick<EventLog, 'read' | 'messagesOf' | 'end' | 'close'> & ColumnarLog

/** Log and graph to read, beside a process that writes. @throws {StoreError} */
export async function openToRead({
  logDirectory,
  graphFile,
}: AccountLayout): Promise<{ readonly log: ReadLog; readonly store: IdentityStore }> {
  const store = openSqliteStore(graphFile, { readOnly: true })
  try {
    return { log: await openFileLogReader(logDirectory), store }
  } catch (cause) {
    await store.close()
    throw cause
  }
}

/** A graph in a file of its own, for a rebuild that is thrown away. @throws {StoreError} */
export function openScratchGraph(path: string): IdentityStore {
  return openSqliteStore(path)
}

function onlyRead(): Promise<never> {
  return Promise.reject(new Error('a log that is only read'))
}

/** The log as it was when it ended at a position: what a graph that has applied so much can know of. */
export function logUpTo(log: ReadLog, end: Position): EventLog & ColumnarLog {
  return {
    append: onlyRead,
    columns: (asked) => log.columns({ ...asked, upTo: Math.min(asked.upTo, end) }),
    read: async (from, limit) =>
      from > end ? [] : log.read(from, Math.min(limit, end - from + 1)),
    messagesOf: async (identifiers, limit, before) => {
      const found: StoredMessage[] = []
      // What is left out may not cost older ones their place.
      for (let place = before; found.length < limit;) {
        const page = await log.messagesOf(identifiers, limit - found.length, place)
        const [oldest] = page
        if (oldest === undefined) break
        found.unshift(...page.filter(({ position }) => position <= end))
        place = placeOf(oldest)
      }
      return found
    },
    end: () => end,
    close: () => log.close(),
  }
}

/** Copies a graph as it stands at this moment, while others may write it. @throws {UserError} */
export function copyGraph(graphFile: string, to: string): void {
  try {
    const database = new DatabaseSync(graphFile, { readOnly: true })
    try {
      database.prepare('VACUUM INTO ?').run(to)
    } finally {
      database.close()
    }
  } catch (cause) {
    throw systemError(`copy ${graphFile} to ${to}`, cause)
  }
}
