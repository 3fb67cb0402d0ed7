// An account whose log and graph several processes share, for whoever asks, decides and collects: the processors decide.
// Invariant: nothing is decided here but what a steward or a run asks for, and that as one writer among several.

import { openFileLog, openFileLogReader } from '../../adapters/file-log/index.ts'
import { type SharedParts, SharedResolver } from '../../flows/resolve-shared.ts'
import { StoreError } from '../../ports/store-error.ts'
import type { Account } from '../account/account.ts'
import { ActiveRules } from '../account/active-rules.ts'
import { FirstWords } from '../account/first-words.ts'
import type { AccountLayout } from '../account/layout.ts'
import { inTurn, type OpenOptions } from '../account/opening.ts'
import { idsWith } from '../account/secret.ts'
import { announceRuns } from '../batch/announce-runs.ts'
import { AccountLog } from './account-log.ts'
import { readArchived } from './archived-file.ts'
import { openServingGraph } from './open-graph.ts'
import { beginShared, holdSecret, openSharedLog, pauseBefore, rulesOf } from './open-stack.ts'

/** @throws {StoreError} @throws {UserError} */
export async function openShared(directory: string, options: OpenOptions): Promise<Account> {
  const { stack, layout, name, active, secret, extraction } = await beginShared(directory, options)
  const closing: (() => Promise<void>)[] = []
  try {
    const graph = await openServingGraph(stack, layout, name)
    const { store } = graph
    closing.unshift(() => store.close())
    await holdSecret(store, secret, layout)
    const shared = await openSharedLog(stack, name, extraction)
    const archive = await openArchive(layout, name)
    const archived = () => readArchived(layout.archivedFile)
    const log = new AccountLog({ shared, archive, archived, store })
    closing.unshift(() => log.close())
    await log.refresh()
    const firstWords = await FirstWords.open(layout, options.notice)
    const rules = await ActiveRules.open({ layout, log, active, notice: options.notice })
    const resolver = await SharedResolver.open({
      store,
      rules: rulesOf(layout, store),
      ids: idsWith(secret),
      pause: pauseBefore,
      log: asSettled(log),
      ...(options.waitsForProcessors !== false && {
        untilApplied: (records) => log.untilApplied(records.map(({ position }) => position)),
      }),
    })
    await announceRuns(store, layout)
    return {
      name,
      layout,
      get active() {
        return rules.active
      },
      get learned() {
        return rules.learned
      },
      whenStopped: (listener) => rules.whenStopped(listener),
      activate: (run, since) => rules.activate(run, since, resolver),
      settle: () => rules.settle(),
      secret,
      log,
      store,
      get graphPlace() {
        return graph.place
      },
      unstored: () => Promise.resolve(log.end() - log.settled),
      resolver,
      firstWords,
      extraction,
      flushFailure: () => null,
      close: () => inTurn([() => resolver.flush(), ...closing]),
    }
  } catch (cause) {
    await inTurn(closing).catch(() => undefined)
    throw cause
  }
}

/** The log as far as the graph has it. */
function asSettled(log: AccountLog): NonNullable<SharedParts['log']> {
  return {
    read: (from, limit) => log.read(from, limit),
    end: () => log.settled,
    refresh: () => log.refresh(),
  }
}

/** The archive to read; made empty where there is none yet. */
async function openArchive(
  { logDirectory }: AccountLayout,
  account: string,
): Promise<Awaited<ReturnType<typeof openFileLogReader>>> {
  try {
    return await openFileLogReader(logDirectory)
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== 'unavailable') throw cause
    await (await openFileLog(logDirectory, { account })).close()
    return openFileLogReader(logDirectory)
  }
}
