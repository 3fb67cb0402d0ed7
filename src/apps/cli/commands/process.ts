// `process` and `archive`: a share of the log into the graph, and all of it into the archive, until they are stopped.

import { Registry } from 'prom-client'

import { accountsOf } from '../../../core/index.ts'
import { StoreError } from '../../../ports/store-error.ts'
import { DEFAULT_ACCOUNT } from '../../account/accounts.ts'
import type { OpenOptions } from '../../account/opening.ts'
import { archiveAccount } from '../../stack/archive-account.ts'
import { isShared } from '../../stack/open-stack.ts'
import { processAccount } from '../../stack/process-account.ts'
import { stackMetrics, type StackMetrics } from '../../stack/stack-metrics.ts'
import { watchServer } from '../../stack/watch-server.ts'
import { UserError } from '../../user-error.ts'
import { DONE, interruptible, openOptionsOf, type Invocation } from '../invocation.ts'
import { checkGraph } from './graphs.ts'
import { progressLine } from '../terminal/progress.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface ProcessOptions {
  readonly namespace?: string
  readonly fromBeginning: boolean
  readonly metricsPort?: number
}

export async function processCommand(
  invocation: Invocation,
  { namespace, fromBeginning, metricsPort }: ProcessOptions,
): Promise<number> {
  const options = await sharedOptions(invocation, 'process')
  if (fromBeginning && namespace === undefined)
    throw new UserError('a rebuild from the beginning goes into a graph of its own', {
      hint: 'Name it: selfsame process --from-beginning --namespace next',
      exitCode: 2,
    })
  const { dataDirectory, terminal } = invocation
  if (namespace !== undefined) await checkGraph(invocation, namespace, fromBeginning)
  const into = { ...options, ...(namespace !== undefined && { namespace }) }
  return whileWatched(invocation, metricsPort, async (metrics, signal) => {
    const progress = progressLine(terminal, 'processing', 'records')
    let done = 0
    await eachAccount(options, (account) =>
      processAccount(
        dataDirectory,
        {
          ...into,
          account,
          told: (batch, contention) => {
            metrics.processed(account, batch, contention)
            if (batch.failure !== null) sayFailure(terminal, batch.failure)
            done += batch.records
            progress.update(done, null)
          },
          published: (told) => {
            if (told instanceof StoreError) sayFailure(terminal, told)
          },
        },
        signal,
      ),
    )
    progress.end()
  })
}

export async function archiveCommand(
  invocation: Invocation,
  { metricsPort }: Pick<ProcessOptions, 'metricsPort'>,
): Promise<number> {
  const options = await sharedOptions(invocation, 'archive')
  const { dataDirectory, terminal } = invocation
  return whileWatched(invocation, metricsPort, async (metrics, signal) => {
    const progress = progressLine(terminal, 'archiving', 'records')
    let done = 0
    await eachAccount(options, (account) =>
      archiveAccount(
        dataDirectory,
        {
          ...options,
          account,
          told: (batch) => {
            metrics.archived(account, batch)
            done += batch.records
            progress.update(done, null)
          },
        },
        signal,
      ),
    )
    progress.end()
  })
}

async function sharedOptions(invocation: Invocation, command: string): Promise<OpenOptions> {
  const options = await openOptionsOf(invocation)
  if (isShared(options.stack)) return options
  throw new UserError(
    `\`${command}\` is for a log on Kafka, and this one is in the data directory`,
    {
      hint: 'Set log, registry and graph in the configuration (docs/deploy.md); `selfsame serve` alone does everything for a data directory.',
    },
  )
}

async function eachAccount(
  { account, configuration }: OpenOptions,
  work: (account: string) => Promise<void>,
): Promise<void> {
  const all = configuration === null ? [DEFAULT_ACCOUNT] : accountsOf(configuration)
  await Promise.all((account === undefined ? all : [account]).map(work))
}

/** Says when it began and ended, and serves what is counted, if that is wanted. */
async function whileWatched(
  { terminal }: Invocation,
  port: number | undefined,
  work: (metrics: StackMetrics, signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const registry = new Registry()
  const metrics = stackMetrics(registry)
  const watching =
    port === undefined ? null : await watchServer(registry, { host: '127.0.0.1', port })
  try {
    await interruptible(async (signal) => {
      terminal.say(watching === null ? 'Ready' : `Ready, metrics at ${watching.url}/metrics`)
      await work(metrics, signal)
    })
  } finally {
    await watching?.stop()
  }
  terminal.note('stopped')
  return DONE
}

function sayFailure(terminal: Terminal, { message }: StoreError): void {
  terminal.note(`${message}; trying again`)
}
