// One configuration for several accounts: which sites are whose.
// Invariant: what an account decides by names no site of another.

import type { Settings } from './settings-shape.ts'

/** Every account the configuration names, its own first. */
export function accountsOf({ account, sites }: Settings): readonly string[] {
  return [...new Set([account, ...Object.values(sites).map((site) => site.account ?? account)])]
}

/** What the configuration says of a site; undefined for one it does not list. */
export function siteRuleOf(
  { sites }: Settings,
  site: string,
): Settings['sites'][string] | undefined {
  return Object.hasOwn(sites, site) ? sites[site] : undefined
}

/** The account a site belongs to. */
export function accountOfSite(settings: Settings, site: string): string {
  return siteRuleOf(settings, site)?.account ?? settings.account
}

/** The settings as they are for one account: its name, and its own sites. */
export function settingsOfAccount(settings: Settings, account: string): Settings {
  const own = Object.entries(settings.sites).filter(
    ([site]) => accountOfSite(settings, site) === account,
  )
  return { ...settings, account, sites: Object.fromEntries(own) }
}
