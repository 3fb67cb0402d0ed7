// What every command is given: where the data is, how to speak, and how it hears that it should stop.

import { type SitesOfOthers, sitesOfOthers } from '../../core/policy/account-settings.ts'
import { accountMeant } from '../account/accounts.ts'
import { readConfiguration } from '../account/configuration.ts'
import { installationSettings } from '../account/installation.ts'
import type { OpenOptions } from '../account/opening.ts'
import type { Terminal } from './terminal/terminal.ts'

export interface Invocation {
  readonly dataDirectory: string
  /** Whether somebody named it; else it is the default. */
  readonly dataNamed: boolean
  /** As it must be typed again for the next command; empty where that finds it by itself. */
  readonly dataTyped: string
  /** The configuration file that was named, if one was. */
  readonly configurationFile: string | undefined
  /** The account that was named, if one was. */
  readonly account: string | undefined
  /** Answer for machines. */
  readonly json: boolean
  readonly terminal: Terminal
  /** What the person types before the name of a command: `selfsame`, or how npm calls it. */
  readonly calledAs: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Exit code of a command that did what it was asked. */
export const DONE = 0
/** Exit code of a command that looked and found something wrong. */
export const FAILED = 1
/** Exit code of a command that was interrupted (128 + SIGINT). */
export const INTERRUPTED = 130

export async function openOptionsOf({
  configurationFile,
  account,
  terminal,
  environment,
}: Invocation): Promise<OpenOptions> {
  const { settings, stack } = await readConfiguration(configurationFile, environment)
  return {
    configuration: settings,
    stack,
    account,
    notice: (line) => terminal.note(`note: ${line}`),
  }
}

/** The name of the account that is meant. @throws {UserError} where there are several and none was named. */
export async function accountOf(invocation: Invocation): Promise<string> {
  const { account, configuration } = await openOptionsOf(invocation)
  return accountMeant(invocation.dataDirectory, account, configuration)
}

/** The sites that are not those of the account a command is about. */
export async function othersOf(invocation: Invocation): Promise<SitesOfOthers> {
  const { configuration } = await openOptionsOf(invocation)
  const settings = await installationSettings(invocation.dataDirectory, configuration)
  return sitesOfOthers(settings, await accountOf(invocation))
}

/** A Ctrl-C that came by npm comes twice, from the terminal and passed on: for so long it is one, ms. */
const SAME_SIGNAL_MS_MAX = 500

/**
 * Runs what takes long with a signal that the first Ctrl-C (or SIGTERM) aborts; the second one ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let abortedAt = 0
  const interrupt = (): void => {
    if (!controller.signal.aborted) {
      abortedAt = performance.now()
      controller.abort()
    } else if (performance.now() - abortedAt > SAME_SIGNAL_MS_MAX) process.exit(INTERRUPTED)
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** Whoever came by npm may have no command `selfsame`; npm says which way they came. */
export function calledAs(environment: Readonly<Record<string, string | undefined>>): string {
  const script = environment['npm_lifecycle_event']
  if (script === 'demo' || script === 'selfsame') return 'npm run -s selfsame --'
  return environment['npm_lifecycle_script'] === 'selfsame' ? 'npx selfsame' : 'selfsame'
}
