// The census: it looks at all profiles, so it is asked now and then while somebody looks, and after a run.

import { useEffect } from 'preact/hooks'

import type { StatsAnswer } from 'selfsame/client'

import { client } from '../../state/client.ts'
import { useEvery } from '../../state/every.ts'
import { type Loaded, refresh, useLoaded } from '../../state/loaded.ts'

const ASKED_EVERY_MS = 30_000
let askedAt = -Infinity

export function useCensus(): Loaded<StatsAnswer> {
  useEvery(ASKED_EVERY_MS, () => refresh('stats'))
  useEffect(() => {
    if (performance.now() - askedAt > ASKED_EVERY_MS) refresh('stats')
  }, [])
  return useLoaded({
    name: 'stats',
    load: askInTurn,
    concerns: ({ type }) => type === 'run.finished',
  })
}

async function askInTurn(): Promise<StatsAnswer> {
  const wait = askedAt + ASKED_EVERY_MS - performance.now()
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  askedAt = performance.now()
  return client.stats()
}
