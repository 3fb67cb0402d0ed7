// `ingest`: tracking messages from files into the log and the graph.
// Invariant: what it says is loaded is durable; running it again skips what is there and goes on.

import { stat } from 'node:fs/promises'

import { WAITING_AT_ONCE } from '../../../flows/resolver-limits.ts'
import { installationSettings } from '../../account/installation.ts'
import { accountLayout } from '../../account/layout.ts'
import { rejectsOfLoad, type Rejects } from '../../account/rejects.ts'
import { loadFile, type Load } from '../../loading/load-file.ts'
import { STANDARD_INPUT } from '../../loading/open-input.ts'
import type { BatchOutcome } from '../../loading/take-lines.ts'
import { systemError, UserError } from '../../user-error.ts'
import {
  accountOf,
  DONE,
  FAILED,
  INTERRUPTED,
  interruptible,
  openOptionsOf,
  type Invocation,
} from '../invocation.ts'
import { openDestination, type Destination } from '../reach-data.ts'
import { count, counted, duration } from '../terminal/numbers.ts'
import { progressLine } from '../terminal/progress.ts'

export interface IngestOptions {
  /** Site of messages that name none. */
  readonly site: string
}

/** What a load has done so far. */
interface Counts {
  accepted: number
  duplicates: number
  rejected: number
  readonly reasons: Map<string, number>
  bytesRead: number
  /** Where it was interrupted. */
  stoppedAt: { readonly file: string; readonly line: number } | null
}

export async function ingest(
  invocation: Invocation,
  files: readonly string[],
  { site }: IngestOptions,
): Promise<number> {
  const bytes = await sizeOf(files)
  const startedAt = performance.now()
  const counts = newCounts()
  const rejects = await rejectsOf(invocation)
  const graph = await interruptible(async (signal) => {
    const destination = await openDestination(invocation, site)
    try {
      await loadAll({ invocation, destination, rejects, site, counts, bytes, signal }, files)
      return await settledGraph(destination, signal)
    } finally {
      await destination.close()
      await rejects.close()
    }
  })
  const summary = { counts, rejects, graph, seconds: (performance.now() - startedAt) / 1_000 }
  if (invocation.json) sayJson(invocation, summary)
  else saySummary(invocation, summary)
  if (counts.stoppedAt !== null) return INTERRUPTED
  return counts.rejected > 0 && counts.rejected === messagesIn(counts) ? FAILED : DONE
}

async function rejectsOf(invocation: Invocation): Promise<Rejects> {
  const layout = accountLayout(invocation.dataDirectory, await accountOf(invocation))
  return rejectsOfLoad(layout, new Date())
}

/** Bytes of all files together; null when standard input is among them. @throws {UserError} for one that is not there. */
async function sizeOf(files: readonly string[]): Promise<number | null> {
  let bytes = 0
  for (const file of files) {
    if (file === STANDARD_INPUT) continue
    const found = await stat(file).catch((cause: unknown) => {
      throw systemError(`read ${file}`, cause)
    })
    if (found.isDirectory()) {
      throw new UserError(`${file} is a directory`, { hint: 'Name the files in it.' })
    }
    bytes += found.size
  }
  return files.includes(STANDARD_INPUT) ? null : bytes
}

function newCounts(): Counts {
  const reasons = new Map<string, number>()
  return { accepted: 0, duplicates: 0, rejected: 0, reasons, bytesRead: 0, stoppedAt: null }
}

function messagesIn({ accepted, duplicates, rejected }: Counts): number {
  return accepted + duplicates + rejected
}

interface Loading {
  readonly invocation: Invocation
  readonly destination: Destination
  readonly rejects: Rejects
  readonly site: string
  readonly counts: Counts
  readonly bytes: number | null
  readonly signal: AbortSignal
}

async function loadAll(loading: Loading, files: readonly string[]): Promise<void> {
  const { invocation, destination, counts, bytes, signal } = loading
  const { configuration } = await openOptionsOf(invocation)
  const { limits } = await installationSettings(invocation.dataDirectory, configuration)
  const { lineBytesMax } = limits
  const progress = progressLine(invocation.terminal, 'loading', 'messages')
  try {
    for (const file of files) {
      const load: Load = {
        sink: destination.sink,
        lineBytesMax,
        signal,
        read: (chunkBytes) => {
          counts.bytesRead += chunkBytes
        },
        done: async (batch) => {
          await note(loading, file, batch)
          progress.update(messagesIn(counts), bytes === null ? null : counts.bytesRead / bytes)
        },
      }
      const { complete, lastLine } = await loadFile(load, file)
      if (!complete) {
        counts.stoppedAt = { file, line: lastLine }
        return
      }
    }
  } finally {
    progress.end()
  }
}

async function note(
  { counts, rejects, site }: Loading,
  file: string,
  batch: BatchOutcome,
): Promise<void> {
  const { accepted, duplicates, refused } = batch
  counts.accepted += accepted
  counts.duplicates += duplicates
  counts.rejected += refused.length
  for (const { reason } of refused)
    counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1)
  const at = Date.now()
  await rejects.add(refused.map((one) => ({ at, source: 'ingest', site, file, ...one })))
}

interface Graph {
  readonly profiles: number
  readonly identifiers: number
}

/** What the graph holds once everything is stored and decided; null when others see to that. */
async function settledGraph({ account }: Destination, signal: AbortSignal): Promise<Graph | null> {
  if (account === null || account.graphPlace.kind === 'redis') return null
  await account.resolver.flush()
  // What was too large to decide while more was coming is decided now that nothing does.
  while (!signal.aborted && (await account.resolver.decideWaiting(WAITING_AT_ONCE)) > 0);
  const { profiles, identifiers } = await account.store.counts()
  return { profiles, identifiers }
}

interface Summary {
  readonly counts: Counts
  readonly rejects: Rejects
  readonly graph: Graph | null
  readonly seconds: number
}

function sayJson({ terminal }: Invocation, { counts, rejects, graph, seconds }: Summary): void {
  const { accepted, duplicates, rejected, reasons, stoppedAt } = counts
  terminal.say(
    JSON.stringify({
      messages: messagesIn(counts),
      accepted,
      duplicates,
      rejected,
      rejected_by_reason: Object.fromEntries(reasons),
      rejects_file: rejected > 0 ? rejects.path : null,
      profiles: graph?.profiles ?? null,
      identifiers: graph?.identifiers ?? null,
      seconds: Math.round(seconds * 1_000) / 1_000,
      stopped_at: stoppedAt,
    }),
  )
}

function saySummary({ terminal }: Invocation, { counts, rejects, graph, seconds }: Summary): void {
  const { accepted, duplicates, rejected, reasons, stoppedAt } = counts
  const messages = messagesIn(counts)
  const rate = seconds > 0 ? ` (${count(messages / seconds)}/s)` : ''
  const parts = [`${count(accepted)} new`, `${count(duplicates)} already there`]
  if (rejected > 0) parts.push(terminal.paint('yellow', `${count(rejected)} rejected`))
  terminal.say(
    `${counted(messages, 'message')} in ${duration(seconds * 1_000)}${rate}: ${parts.join(', ')}.`,
  )
  if (rejected > 0) {
    const why = [...reasons].map(([reason, number]) => `${count(number)} ${reason}`).join(', ')
    terminal.say(`Rejected: ${why}; kept in ${rejects.path}`)
  }
  if (rejects.failure !== null) terminal.note('note: some rejected lines could not be kept')
  if (graph !== null) {
    const { profiles, identifiers } = graph
    terminal.say(
      `The graph holds ${counted(profiles, 'profile')} of ${counted(identifiers, 'identifier')}.`,
    )
  }
  if (stoppedAt === null) return
  const { file, line } = stoppedAt
  terminal.say(
    `Stopped after line ${count(line)} of ${file}. Run the same again to go on; what is loaded is skipped.`,
  )
}
