// `process` and `archive`: a share of the log into the graph, and all of it into the archive, until they are stopped.

import { Registry } from 'prom-client'

import { accountsOf } from '../../../core/index.ts'
import { DEFAULT_ACCOUNT } from '../../account/accounts.ts'
import type { OpenOptions } from '../../account/opening.ts'
import { isShared } from '../../stack/open-stack.ts'
import { stackMetrics } from '../../stack/stack-metrics.ts'
import { watchServer } from '../../stack/watch-server.ts'
import { UserError } from '../../user-error.ts'
import { DONE, interruptible, openOptionsOf, type Invocation } from '../invocation.ts'
import { checkGraph } from './graphs.ts'
import type { Role } from './role-names.ts'
import { runRole } from './roles.ts'

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
  if (options.stack?.graph === null)
    throw new UserError('the configuration names no graph for what is processed', {
      hint: 'Set graph, or $SELFSAME_GRAPH, to redis://… as the others have it; "rocksdb" for a graph of its own (docs/deploy.md).',
      exitCode: 2,
    })
  if (fromBeginning && namespace === undefined)
    throw new UserError('a rebuild from the beginning goes into a graph of its own', {
      hint: 'Name it: selfsame process --from-beginning --namespace next',
      exitCode: 2,
    })
  if (namespace === undefined) return play('process', invocation, options, metricsPort)
  await checkGraph(invocation, namespace, fromBeginning)
  return play('process', invocation, { ...options, namespace }, metricsPort)
}

export async function archiveCommand(
  invocation: Invocation,
  { metricsPort }: Pick<ProcessOptions, 'metricsPort'>,
): Promise<number> {
  return play('archive', invocation, await sharedOptions(invocation, 'archive'), metricsPort)
}

/** @throws {UserError} where the log is in the data directory. */
export async function sharedOptions(invocation: Invocation, command: string): Promise<OpenOptions> {
  const options = await openOptionsOf(invocation)
  if (isShared(options.stack)) return options
  throw new UserError(
    `\`${command}\` is for a log on Kafka, and this one is in the data directory`,
    {
      hint: 'Set log, registry and graph in the configuration (docs/deploy.md); `selfsame serve` alone does everything for a data directory.',
      exitCode: 2,
    },
  )
}

/** The accounts of a configuration, or the one that was named. */
export function accountsMeant({ account, configuration }: OpenOptions): readonly string[] {
  if (account !== undefined) return [account]
  return configuration === null ? [DEFAULT_ACCOUNT] : accountsOf(configuration)
}

/** Says when it began and ended, and serves what is counted, if that is wanted. */
async function play(
  role: Role,
  invocation: Invocation,
  options: OpenOptions,
  port: number | undefined,
): Promise<number> {
  const { terminal } = invocation
  const registry = new Registry()
  const address = { host: '127.0.0.1', port: port ?? 0 }
  const watching = port === undefined ? null : await watchServer(registry, address)
  try {
    await interruptible(async (signal) => {
      const accounts = accountsMeant(options)
      let left = accounts.length
      const ready = (): void => {
        left--
        if (left > 0) return
        terminal.say(watching === null ? 'Ready' : `Ready, metrics at ${watching.url}/metrics`)
      }
      const parts = { invocation, options, metrics: stackMetrics(registry), isShown: true, ready }
      await Promise.all(accounts.map((account) => runRole(role, account, parts, signal)))
    })
  } finally {
    await watching?.stop()
  }
  terminal.note('stopped')
  return DONE
}
