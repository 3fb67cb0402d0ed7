// The live graph in a directory of RocksDB, for a process that keeps its state beside it and is the only one to do so.
// Invariant: a commit is one batch; no load or commit awaits between its first read and its last.

import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError } from '../../ports/store-error.ts'
import { censusOf } from './census.ts'
import { commitTo, positionOf } from './commit.ts'
import { type Database, type DatabaseOptions, openDatabase } from './database.ts'
import { bootId, readEpoch } from './format.ts'
import { membershipOf } from './membership.ts'
import { neighbourhoodIn } from './neighbourhood.ts'
import { promiscuousIn } from './promiscuous.ts'
import {
  changesAfter,
  changesOf,
  feedAfter,
  nodesAfter,
  profileIn,
  questionIn,
  questionsAfter,
  verdictOn,
  verdictsBefore,
  waitingIn,
} from './queries.ts'
import { storeErrorOf } from './rocks-error.ts'
import { readTally } from './tally.ts'

export type RocksStoreOptions = Partial<DatabaseOptions>

const DEFAULTS = {
  cacheMegabytes: 128,
  backgroundThreads: 2,
  synced: true,
} as const satisfies DatabaseOptions

/**
 * Opens the live graph in `directory`, which is made if it is not there; one process at a time can. Throws a StoreError:
 * `locked`, `newer_version`, `corrupt`, `full`, `read_only`, `unavailable` (also where no RocksDB is installed).
 * `boot`: which start of the machine this is; empty where nobody knows.
 */
export async function openRocksStore(
  directory: string,
  options: RocksStoreOptions = {},
  boot: string = bootId(),
): Promise<IdentityStore> {
  const settings = { ...DEFAULTS, ...options }
  const database = await openDatabase(directory, settings)
  try {
    return storeOn(database, directory, readEpoch(database, directory, settings.synced, boot))
  } catch (error) {
    await database.close()
    throw storeErrorOf(error, directory)
  }
}

function storeOn(database: Database, directory: string, epoch: string): IdentityStore {
  let closing: Promise<void> | null = null

  /** Awaits first, so that no operation is done before its call returns. */
  const answer = async <T>(work: () => T | Promise<T>): Promise<T> => {
    await database.settled()
    if (closing !== null) {
      const message = 'the identity store has been closed'
      throw new StoreError('closed', message, { retryable: false })
    }
    try {
      return await work()
    } catch (error) {
      throw storeErrorOf(error, directory)
    }
  }

  return {
    load: (request, limits) => answer(() => neighbourhoodIn(database, request, limits)),
    commit: (commit) =>
      answer(async () => {
        await database.mended()
        if (commit.epoch !== undefined && commit.epoch !== epoch) return 'conflict'
        return commitTo(database, commit)
      }),
    position: (source) => answer(() => positionOf(database, source)),
    profile: (id) => answer(() => profileIn(database, id)),
    changesOf: (profile, limit) => answer(() => changesOf(database, profile, limit)),
    changes: (after, limit) => answer(() => changesAfter(database, after, limit)),
    feed: (after, limit) => answer(() => feedAfter(database, after, limit)),
    feedEnd: () => answer(() => readTally(database).sequence),
    epoch: () => answer(() => epoch),
    questions: (after, limit) => answer(() => questionsAfter(database, after, limit)),
    question: (id) => answer(() => questionIn(database, id)),
    verdicts: (before, limit) => answer(() => verdictsBefore(database, before, limit)),
    verdictOn: (id) => answer(() => verdictOn(database, id)),
    waiting: (limit) => answer(() => waitingIn(database, limit)),
    counts: () =>
      answer(() => {
        const { identifiers, edges, profiles, questions, waiting } = readTally(database)
        return { identifiers, edges, profiles, questions, waiting }
      }),
    census: (crowdFrom) => answer(() => censusOf(database, crowdFrom)),
    promiscuous: (crowdFrom, after, limit) =>
      answer(() => promiscuousIn(database, crowdFrom, after, limit)),
    membership: () => answer(() => membershipOf(database)),
    scanNodes: (after, limit) => answer(() => nodesAfter(database, after, limit)),
    close: () => (closing ??= database.close()),
  }
}
