// A batch run in a thread of its own: computes, and has written by the process what only it may write.
// Invariant: it holds no lock and no file open for writing but those of its own scratch and draft.

import { parentPort, workerData } from 'node:worker_threads'

import { openDuckdbEngine } from '../../adapters/duckdb/index.ts'
import { openFileWarehouse } from '../../adapters/file-warehouse/index.ts'
import { StageError } from '../../batch/stage.ts'
import { attributesOf, compilePolicy } from '../../core/index.ts'
import { conversionsOf, ownHostsOf } from '../../core/policy/conversions.ts'
import type { LiveProfiles } from '../../flows/reconcile-profiles.ts'
import { learn } from '../../flows/learn.ts'
import { runBatch } from '../../flows/run-batch.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { sha256 } from '../account/digest.ts'
import { openPlace } from '../account/graph-place.ts'
import { idsWith } from '../account/secret.ts'
import { learningOf } from './learning-of.ts'
import type {
  AskName,
  Asks,
  Done,
  Failure,
  FromThread,
  RunTask,
  ToThread,
} from './thread-messages.ts'

const port = parentPort
if (port === null) throw new Error('this runs in a thread of its own')

const stop = new AbortController()
const waiting = new Map<number, { resolve(answer: unknown): void; reject(cause: Error): void }>()
let asked = 0

function say(message: FromThread): void {
  port?.postMessage(message)
}

async function ask<Name extends AskName>(
  what: Name,
  args: Asks[Name]['args'],
): Promise<Asks[Name]['answer']> {
  stop.signal.throwIfAborted()
  asked++
  const id = asked
  const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
  say({ say: 'ask', id, what, args })
  return (await answer) as Asks[Name]['answer']
}

port.on('message', (message: ToThread) => {
  if (message.say === 'abort') {
    stop.abort()
    return
  }
  const one = waiting.get(message.id)
  waiting.delete(message.id)
  if (message.say === 'answer') one?.resolve(message.answer)
  else one?.reject(new Error(message.message))
})

async function run(task: RunTask): Promise<Done> {
  const { memoryMegabytesMax, threads, spillDirectory, upTo, dryRun, graph } = task
  const limits = { memoryMegabytesMax, threads, spillDirectory, signal: stop.signal }
  const engine = await openDuckdbEngine(limits)
  const store = graph === null ? null : await openPlace(graph)
  const live: LiveProfiles | null = graph && {
    ...readFrom(store),
    decideAgain: async (members) => void (await ask('decideAgain', members)),
    confirm: (profiles) => ask('confirm', profiles),
    decideWaiting: () => ask('decideWaiting', null),
    ask: (pairs) => ask('ask', pairs),
    takeBack: async (questions) => void (await ask('takeBack', questions)),
    flush: async () => void (await ask('flush', null)),
  }
  try {
    const policy = compilePolicy(task.settings, sha256)
    const learning = learningOf(task.settings, upTo, task.inUse)
    const read = {
      engine,
      columns: (cuts: Asks['columns']['args']) => ask('columns', cuts),
      upTo,
      told: (stage: string, rows: number | null) => say({ say: 'told', stage, rows }),
    }
    const activate = async (learned: Asks['activate']['args']): Promise<void> => {
      await ask('activate', learned)
    }
    if (task.onlyLearns) {
      const training =
        learning === null ? null : await learn({ ...read, policy, learning, activate })
      return { outcome: null, training }
    }
    const outcome = await runBatch({
      ...read,
      warehouse: openFileWarehouse(task.warehouseDirectory),
      policy,
      learning,
      live,
      attributes: attributesOf(task.settings),
      journeys: {
        conversions: conversionsOf(task.settings),
        lookbackDays: task.settings.attribution.lookbackDays,
        ownHosts: ownHostsOf(task.settings),
      },
      startedAt: task.startedAt,
      now: () => Date.now(),
      pastRuns: task.pastRuns,
      note: async (row) => void (await ask('note', row)),
      activate,
      settle: async () => void (await ask('settle', null)),
      mint: idsWith(task.secret).mint,
      dryRun,
    })
    return { outcome, training: outcome.training }
  } finally {
    await store?.close()
    await engine.close()
  }
}

/** What a run reads of the live graph; without a store of its own it has the process read it. */
function readFrom(
  store: IdentityStore | null,
): Pick<LiveProfiles, 'membership' | 'changes' | 'questions'> {
  return {
    membership: () => store?.membership() ?? ask('membership', null),
    changes: (after, limit) => store?.changes(after, limit) ?? ask('changes', [after, limit]),
    questions: (after, limit) => store?.questions(after, limit) ?? ask('questions', [after, limit]),
  }
}

function failureOf(cause: unknown): Failure {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (!(cause instanceof StageError)) return { message, stage: null, sql: null }
  return { message, stage: cause.stage, sql: cause.sql }
}

run(workerData as RunTask).then(
  (done) => {
    say({ say: 'done', done })
    port.close()
  },
  (cause: unknown) => {
    say({ say: 'failed', failure: failureOf(cause) })
    port.close()
  },
)
