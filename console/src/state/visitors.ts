// The list of visitors as it is known: its top is asked again when messages came, older ones when somebody scrolls.

import { useEffect, useRef } from 'preact/hooks'

import { type Listing, withOlder, withTop } from './listing.ts'
import { client } from './client.ts'
import { lastOf, type Loaded, put, refresh, useLoaded } from './loaded.ts'

export interface Filter {
  readonly kind: 'person' | 'anonymous' | 'shared' | undefined
  readonly state: 'provisional' | 'confirmed' | 'awaiting_batch' | undefined
  readonly site: string | undefined
}

const PAGE = 50

const nameOf = ({ kind, state: standing, site }: Filter): string =>
  `visitors ${JSON.stringify([kind, standing, site])}`

/** @param records how far the log is; null while nobody knows */
export function useVisitors(filter: Filter, records: number | null): Loaded<Listing> {
  const name = nameOf(filter)
  const seen = useRef(records)
  useEffect(() => {
    if (seen.current !== null && seen.current !== records) refresh(name)
    seen.current = records
  }, [records])
  return useLoaded({
    name,
    load: async () => {
      const top = await client.visitors({ ...filter, limit: PAGE })
      return withTop(lastOf<Listing>(name), top)
    },
    concerns: ({ type }) => type === 'run.finished',
  })
}

/** Older ones, below those that are known. */
export async function loadOlder(filter: Filter): Promise<void> {
  const name = nameOf(filter)
  const before = lastOf<Listing>(name)?.next ?? null
  if (before === null) return
  const page = await client.visitors({ ...filter, limit: PAGE, before })
  const now = lastOf<Listing>(name)
  // The list began anew meanwhile.
  if (now?.next === before) put(name, withOlder(now, page))
}
