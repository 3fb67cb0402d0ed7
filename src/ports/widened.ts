// What a store keeps of a node that a commit widens.
// Invariant: in whichever order sightings of it arrive, the result is the same.

import type { NodeRecord } from '../core/profile/view/records.ts'

/** The node to write over the stored one, with the version of that; `stored` is undefined where there is none. */
export function widened(stored: NodeRecord | undefined, seen: NodeRecord): NodeRecord {
  if (stored === undefined) return { ...seen, version: 0 }
  const news = seen.sites.filter((site) => !stored.sites.includes(site))
  return {
    ...stored,
    firstSeen: Math.min(stored.firstSeen, seen.firstSeen),
    lastSeen: Math.max(stored.lastSeen, seen.lastSeen),
    receivedAt: Math.min(stored.receivedAt, seen.receivedAt),
    sites: news.length === 0 ? stored.sites : [...stored.sites, ...news].toSorted(),
  }
}
