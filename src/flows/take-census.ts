// How much there is of everything, counted now.

import type { EventLog } from '../ports/event-log.ts'
import type { Census, IdentityStore, StoreCounts } from '../ports/identity-store.ts'
import type { Resolver } from './resolver.ts'

interface CensusParts {
  readonly store: IdentityStore
  readonly resolver: Resolver
}

/** Of what is stored; a crowd is what makes an identifier of its type promiscuous by the policy. */
export async function takeCensus({ store, resolver }: CensusParts): Promise<Census> {
  const types = await resolver.look([], (_, policy) => policy.types)
  return store.census(new Map([...types].map(([type, { crowdWarn }]) => [type, crowdWarn])))
}

export interface Stats extends Census, Omit<StoreCounts, 'identifiers' | 'profiles'> {
  /** Of the log: messages, and the few decisions. */
  readonly records: number
}

/** Counts everything as it stands now; of the days, at most `daysMax`: the latest that have anything. */
export async function statsOf(
  parts: CensusParts & { readonly log: EventLog },
  daysMax: number,
): Promise<Stats> {
  await parts.resolver.flush()
  const { edges, questions, waiting } = await parts.store.counts()
  const census = await takeCensus(parts)
  const days = census.days.slice(Math.max(0, census.days.length - daysMax))
  return { ...census, records: parts.log.end(), edges, questions, waiting, days }
}
