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

/** Site -> account, of the sites that the configuration gives to other accounts: no message may be put on one of them. */
export type SitesOfOthers = Readonly<Record<string, string>>

export function sitesOfOthers(settings: Settings, account: string): SitesOfOthers {
  const owners = Object.keys(settings.sites).map(
    (site) => [site, accountOfSite(settings, site)] as const,
  )
  return Object.fromEntries(owners.filter(([, owner]) => owner !== account))
}

/** Whose the site is, in words; null where it may be used. */
export function whoseSite(others: SitesOfOthers, site: string): string | null {
  const owner = Object.hasOwn(others, site) ? others[site] : undefined
  return owner === undefined ? null : ownerText(site, owner)
}

export function ownerText(site: string, owner: string): string {
  return `the site "${site}" belongs to the account "${owner}" (by "sites" of the configuration)`
}
