// What opening an account begins with, wherever its data is kept: whose it is, and what it decides by.

import { dirname, resolve } from 'node:path'

import { settingsOfAccount, type Settings, type Stack } from '../../core/index.ts'
import { UserError } from '../user-error.ts'
import { accountMeant, accountsIn } from './accounts.ts'
import { readActivePolicy, writeActivePolicy, type ActivePolicy } from './active-policy.ts'
import { defaultSettings } from './installation.ts'
import { accountLayout, type AccountLayout } from './layout.ts'
import { makeDirectory } from './stores.ts'

export interface OpenOptions {
  /** Settings of the configuration file; null when there is none. */
  readonly configuration: Settings | null
  /** Where data is kept; by default in the directory. */
  readonly stack?: Stack
  /** Of a shared account: whether what is appended is waited for until processors have applied it; by default it is. */
  readonly waitsForProcessors?: boolean
  /** Of several graphs on Redis the one meant; without it the one that serves. */
  readonly namespace?: string
  /** The account meant; without it that of the configuration, or the only one there is. */
  readonly account?: string | undefined
  /** Told once what the person should know; one line. */
  readonly notice: (line: string) => void
}

export interface Meant {
  readonly name: string
  readonly layout: AccountLayout
  /** As it is for that account. */
  readonly configuration: Settings | null
}

/** Which account is meant, and what the configuration is for it. */
export async function meant(
  directory: string,
  { account, configuration }: OpenOptions,
): Promise<Meant> {
  const name = await accountMeant(directory, account, configuration)
  return {
    name,
    layout: accountLayout(directory, name),
    configuration: configuration && settingsOfAccount(configuration, name),
  }
}

/** What to say where there is no data. */
export async function noData(directory: string, account: string): Promise<UserError> {
  const others = await accountsIn(directory)
  if (others.length > 0) {
    return new UserError(`there is no account "${account}" in ${resolve(directory)}`, {
      hint: `There is ${others.join(', ')}: name one with --account.`,
    })
  }
  return new UserError(`there is no data in ${resolve(directory)}`, {
    hint: 'Load some with `selfsame ingest FILE`, try `selfsame demo`, or name another directory with --data.',
  })
}

/** The active policy, made from the configuration where there is none yet. */
export async function activePolicy(
  { policyFile }: AccountLayout,
  name: string,
  configuration: Settings | null,
): Promise<ActivePolicy> {
  const known = await readActivePolicy(policyFile, configuration)
  if (known !== null) return known
  await makeDirectory(dirname(policyFile))
  const settings = configuration ?? settingsOfAccount(defaultSettings(), name)
  return writeActivePolicy(policyFile, settings, (version) => `policy:${version}`, true)
}

export function noteDifference(
  active: ActivePolicy,
  layout: AccountLayout,
  { notice }: OpenOptions,
): void {
  if (!active.configurationDiffers) return
  notice(
    `the configuration decides otherwise than ${layout.policyFile}; the active policy ${active.policy.version} stays. \`selfsame resolve --config …\` makes the configuration the active one`,
  )
}

/** Runs all, in order, whatever fails; then fails with the first failure. */
export async function inTurn(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  let failure: { readonly cause: unknown } | null = null
  for (const task of tasks) {
    try {
      await task()
    } catch (cause) {
      failure ??= { cause }
    }
  }
  if (failure !== null) throw failure.cause
}
