// The settings of a whole installation: of every account in a data directory, and whose each site is.

import { parseSettings, type Settings } from '../../core/index.ts'
import { accountsIn, DEFAULT_ACCOUNT } from './accounts.ts'
import { readActivePolicy } from './active-policy.ts'
import { accountLayout } from './layout.ts'

/** Those of the configuration file; where there is none, those the accounts were made with. */
export async function installationSettings(
  directory: string,
  configuration: Settings | null,
): Promise<Settings> {
  if (configuration !== null) return configuration
  const stored: Settings[] = []
  for (const account of await accountsIn(directory)) {
    const active = await readActivePolicy(accountLayout(directory, account).policyFile, null)
    if (active !== null) stored.push(active.settings)
  }
  const main = stored.find(({ account }) => account === DEFAULT_ACCOUNT) ?? stored[0]
  const sites = stored.flatMap(({ account, sites: own }) =>
    Object.entries(own).map(([site, rule]) => [site, { ...rule, account }] as const),
  )
  return { ...(main ?? defaultSettings()), sites: Object.fromEntries(sites) }
}

export function defaultSettings(): Settings {
  const parsed = parseSettings({})
  if (!parsed.ok) throw new Error('the default settings are refused')
  return parsed.settings
}
