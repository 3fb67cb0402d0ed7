// The accounts of a data directory: each has a policy, a log and a graph of its own, and nothing opens two at once.

import { mkdir, readdir, rename, stat } from 'node:fs/promises'

import type { Settings } from '../../core/index.ts'
import { systemCodeOf, systemError, UserError } from '../user-error.ts'
import { readActivePolicy } from './active-policy.ts'
import { accountLayout, type Layout, layoutOf } from './layout.ts'

const POLICY_FILE = /^(?<account>[a-z0-9][a-z0-9._-]{0,62})\.json$/
const DIRECTORY_MODE = 0o700

/** The accounts that have data, by name. @throws {UserError} when the directory may not be looked into. */
export async function accountsIn(directory: string): Promise<readonly string[]> {
  const layout = layoutOf(directory)
  const files = await unlessMissing(layout.policyDirectory, readdir(layout.policyDirectory))
  const named = (files ?? []).flatMap((file) => POLICY_FILE.exec(file)?.groups?.['account'] ?? [])
  const former = await formerAccount(layout)
  return [...new Set(former === null ? named : [...named, former])].toSorted()
}

/**
 * The account a command is about: the one that was named, else that of the configuration, else the only one there is.
 * @throws {UserError} when there are several.
 */
export async function accountMeant(
  directory: string,
  named: string | undefined,
  configuration: Settings | null,
): Promise<string> {
  if (named !== undefined) return named
  if (configuration !== null) return configuration.account
  const accounts = await accountsIn(directory)
  if (accounts.length > 1 && !accounts.includes(DEFAULT_ACCOUNT)) {
    throw new UserError(`there are several accounts in ${directory}`, {
      hint: `Name one: --account ${accounts.join(', --account ')}`,
      exitCode: 2,
    })
  }
  return accounts.length === 1 ? (accounts[0] ?? DEFAULT_ACCOUNT) : DEFAULT_ACCOUNT
}

export const DEFAULT_ACCOUNT = 'default'

/** Whether the directory is as it was before there could be several accounts in one. */
export async function isFormer(directory: string): Promise<boolean> {
  const { formerPolicyFile } = layoutOf(directory)
  return (await unlessMissing(formerPolicyFile, stat(formerPolicyFile))) !== null
}

/** Brings a directory from before there could be several accounts to the layout of today. */
export async function bringUpToDate(directory: string): Promise<void> {
  const layout = layoutOf(directory)
  const account = await formerAccount(layout)
  if (account === null) return
  const { policyFile } = accountLayout(directory, account)
  try {
    await mkdir(layout.policyDirectory, { recursive: true, mode: DIRECTORY_MODE })
    await rename(layout.formerPolicyFile, policyFile)
  } catch (cause) {
    throw systemError(`move ${layout.formerPolicyFile} to ${policyFile}`, cause)
  }
}

async function formerAccount({ formerPolicyFile }: Layout): Promise<string | null> {
  const former = await readActivePolicy(formerPolicyFile, null)
  return former?.settings.account ?? null
}

async function unlessMissing<T>(path: string, looking: Promise<T>): Promise<T | null> {
  try {
    return await looking
  } catch (cause) {
    const code = systemCodeOf(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw systemError(`read ${path}`, cause)
  }
}
