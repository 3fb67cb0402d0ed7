// The live graph in one SQLite file: every call is one transaction, so a reader beside the writer sees whole commits.
// Invariant: what is remembered between calls is only ever what a transaction has committed.

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord, QuestionRecord, VerdictRecord } from '../../core/profile/view/records.ts'
import type { Position } from '../../ports/event-log.ts'
import type {
  Census,
  Commit,
  FeedRow,
  IdentityStore,
  LoadLimits,
  LoadRequest,
  Membership,
  Neighbourhood,
  Promiscuous,
  PromiscuousPlace,
  QuestionPlace,
  StoreCounts,
  StoredChange,
} from '../../ports/identity-store.ts'
import { StoreError } from '../../ports/store-error.ts'
import { prepareCensus, type TakeCensus } from './census.ts'
import { prepareCommit, type WriteCommit } from './commit.ts'
import { prepareMembership, type ReadMembership } from './membership.ts'
import { bootId, renewEpoch } from './epoch.ts'
import { type Load, prepareLoad } from './neighbourhood.ts'
import { Numbers } from './numbers.ts'
import { type DatabaseOptions, openDatabase } from './open-database.ts'
import { preparePromiscuous, type ReadPromiscuous } from './promiscuous.ts'
import { prepareQueries, type Queries } from './queries.ts'
import { GRAPH } from './schema.ts'
import { storeErrorOf } from './sqlite-error.ts'
import { type WriteAheadLog, writeAheadLog } from './write-ahead-log.ts'
import { type Tally, tallyRow, type TallyRow } from './tally.ts'

export interface SqliteStoreOptions extends Partial<DatabaseOptions> {
  /** Keys and profile ids whose numbers are remembered. */
  readonly numbersRememberedMax?: number
}

const DEFAULTS = {
  readOnly: false,
  cacheMegabytesMax: 64,
  lockWaitMs: 2_000,
  checkpointPages: 8_000,
  pageBytes: 4_096,
  numbersRememberedMax: 100_000,
} as const satisfies Required<SqliteStoreOptions>

/**
 * Opens the live graph in the file at `path`, creates or migrates it unless `readOnly`. A read-only store may be used
 * beside a process that writes. Throws a StoreError: `newer_version`, `read_only`, `corrupt`, `locked`, `full`,
 * `unavailable`. `boot`: which start of the machine this is; empty where nobody knows.
 */
export function openSqliteStore(
  path: string,
  options: SqliteStoreOptions = {},
  boot: string = bootId(),
): IdentityStore {
  const settings = { ...DEFAULTS, ...options }
  const database = openDatabase(path, settings, GRAPH)
  try {
    if (!settings.readOnly) renewEpoch(database, boot)
    return new SqliteIdentityStore(database, path, settings)
  } catch (error) {
    database.close()
    throw storeErrorOf(error, path, GRAPH)
  }
}

/** How far the write-ahead log may grow beside readers, in checkpoints. */
const CHECKPOINTS_IN_LOG_MAX = 3

class SqliteIdentityStore implements IdentityStore {
  readonly #path: string
  readonly #database: DatabaseSync
  readonly #begin: StatementSync
  readonly #beginImmediate: StatementSync
  readonly #end: StatementSync
  readonly #undo: StatementSync
  readonly #numbers: Numbers
  readonly #tally: TallyRow
  readonly #load: Load
  readonly #commit: WriteCommit
  readonly #queries: Queries
  readonly #census: TakeCensus
  readonly #membership: ReadMembership
  readonly #promiscuous: ReadPromiscuous
  readonly #log: WriteAheadLog

  constructor(database: DatabaseSync, path: string, settings: Required<SqliteStoreOptions>) {
    this.#path = path
    this.#database = database
    this.#begin = database.prepare('BEGIN')
    this.#beginImmediate = database.prepare('BEGIN IMMEDIATE')
    this.#end = database.prepare('COMMIT')
    this.#undo = database.prepare('ROLLBACK')
    this.#numbers = new Numbers(database, settings.numbersRememberedMax)
    this.#tally = tallyRow(database)
    this.#load = prepareLoad(database, this.#numbers)
    this.#commit = prepareCommit(database, this.#numbers)
    this.#queries = prepareQueries(database, this.#numbers)
    this.#census = prepareCensus(database)
    this.#membership = prepareMembership(database)
    this.#promiscuous = preparePromiscuous(database, this.#numbers)
    this.#log = writeAheadLog(database, path, {
      bytesMax: CHECKPOINTS_IN_LOG_MAX * settings.checkpointPages * settings.pageBytes,
      lockWaitMs: settings.lockWaitMs,
    })
  }

  load(request: LoadRequest, limits: LoadLimits): Promise<Neighbourhood> {
    return this.#read((tally) => this.#load(request, limits, tally))
  }

  commit(changes: Commit): Promise<'committed' | 'conflict'> {
    const answer = this.#transaction(this.#beginImmediate, (tally, undo) => {
      const written = this.#commit(changes, tally)
      if (written === 'committed') this.#tally.write(tally)
      else undo()
      return written
    })
    this.#log.bound()
    return answer
  }

  position(source: string): Promise<Position> {
    return this.#read(() => this.#queries.position(source))
  }

  profile(id: string): ReturnType<IdentityStore['profile']> {
    return this.#read(() => this.#queries.profile(id))
  }

  changesOf(profile: string, limit: number): Promise<readonly StoredChange[]> {
    return this.#read(() => this.#queries.changesOf(profile, limit))
  }

  changes(after: number, limit: number): Promise<readonly StoredChange[]> {
    return this.#read(() => this.#queries.changes(after, limit))
  }

  feed(after: number, limit: number): Promise<readonly FeedRow[]> {
    return this.#read(() => this.#queries.feed(after, limit))
  }

  feedEnd(): Promise<number> {
    return this.#read(() => this.#queries.feedEnd())
  }

  epoch(): Promise<string> {
    return this.#read(() => this.#queries.epoch())
  }

  questions(after: QuestionPlace | null, limit: number): Promise<readonly QuestionRecord[]> {
    return this.#read(() => this.#queries.questions(after, limit))
  }

  question(id: string): Promise<QuestionRecord | null> {
    return this.#read(() => this.#queries.question(id))
  }

  verdicts(before: number | null, limit: number): Promise<readonly VerdictRecord[]> {
    return this.#read(() => this.#queries.verdicts(before, limit))
  }

  verdictOn(question: string): Promise<VerdictRecord | null> {
    return this.#read(() => this.#queries.verdictOn(question))
  }

  waiting(limit: number): Promise<readonly Key[]> {
    return this.#read(() => this.#queries.waiting(limit))
  }

  counts(): Promise<StoreCounts> {
    return this.#read((tally) => ({
      identifiers: tally.nodes,
      edges: tally.edges,
      profiles: tally.profiles,
      questions: tally.questions,
      waiting: this.#queries.countWaiting(),
    }))
  }

  census(crowdFrom: ReadonlyMap<string, number>): Promise<Census> {
    return this.#read((tally) => this.#census(crowdFrom, tally))
  }

  promiscuous(
    crowdFrom: ReadonlyMap<string, number>,
    after: PromiscuousPlace | null,
    limit: number,
  ): Promise<readonly Promiscuous[]> {
    return this.#read(() => this.#promiscuous(crowdFrom, after, limit))
  }

  membership(): Promise<Membership> {
    return this.#read(() => ({
      position: this.#queries.position('log'),
      ...this.#membership(),
    }))
  }

  scanNodes(after: Key, limit: number): Promise<readonly NodeRecord[]> {
    return this.#read(() => this.#queries.scanNodes(after, limit))
  }

  close(): Promise<void> {
    return settled(this.#path, () => {
      if (this.#database.isOpen) this.#database.close()
    })
  }

  #read<T>(work: (tally: Tally) => T): Promise<T> {
    return this.#transaction(this.#begin, work)
  }

  /** SQLite may have undone the transaction itself, as when the disk is full. */
  #rollBack(): void {
    if (this.#database.isTransaction) this.#undo.run()
    this.#numbers.forgetAll()
  }

  #transaction<T>(begin: StatementSync, work: (tally: Tally, undo: () => void) => T): Promise<T> {
    return settled(this.#path, () => {
      if (!this.#database.isOpen) {
        throw new StoreError('closed', `the identity store ${this.#path} has been closed`, {
          retryable: false,
        })
      }
      begin.run()
      try {
        const tally = this.#tally.read()
        this.#numbers.forgetAfter(tally.removals)
        const answer = work(tally, () => this.#rollBack())
        if (this.#database.isTransaction) this.#end.run()
        return answer
      } catch (error) {
        this.#rollBack()
        throw error
      }
    })
  }
}

/** The work is done when this returns: a promise because other stores need one. Errors of SQLite become StoreErrors. */
function settled<T>(path: string, work: () => T): Promise<T> {
  try {
    return Promise.resolve(work())
  } catch (error) {
    return Promise.reject(storeErrorOf(error, path, GRAPH))
  }
}
