// Which events are conversions: the built-in table and what the configuration adds to it and takes out.

import { CONVERSIONS, type ConversionWorth, foldName } from './defaults.ts'
import type { Settings } from './settings-shape.ts'

export interface Conversion {
  /** The event's name as configured; events are compared with it by `foldName`. */
  readonly name: string
  readonly worth: ConversionWorth
}

/** What the configuration says of an event replaces what is built in. */
export function conversionsOf({
  conversions,
}: Pick<Settings, 'conversions'>): readonly Conversion[] {
  const byName = new Map<string, Conversion>()
  for (const [name, worth] of [...Object.entries(CONVERSIONS), ...Object.entries(conversions)]) {
    if (worth === 'none') byName.delete(foldName(name))
    else byName.set(foldName(name), { name, worth })
  }
  return [...byName.values()]
}

/** Hosts that bring nobody: those named for it, and those of the sites. */
export function ownHostsOf({
  attribution,
  sites,
}: Pick<Settings, 'attribution' | 'sites'>): readonly string[] {
  const origins = Object.values(sites).flatMap((site) => site.origins)
  const hosts = origins.map((origin) => origin.replace(/^https?:\/\//, '').replace(/:\d+$/, ''))
  return [...new Set([...attribution.ownHosts, ...hosts])].toSorted()
}
