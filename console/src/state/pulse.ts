// The pulse, asked again and again while somebody looks, and what the ones before it said.

import { type Pulses, withPulse } from './pulses.ts'
import { client } from './client.ts'
import { useEvery } from './every.ts'
import { lastOf, type Loaded, refresh, useLoaded } from './loaded.ts'

const NAME = 'pulse'

/** @param everyMs how often it is asked */
export function usePulse(everyMs: number): Loaded<Pulses> {
  useEvery(everyMs, () => refresh(NAME))
  return useLoaded({
    name: NAME,
    load: async () => {
      const now = await client.pulse()
      return withPulse(lastOf<Pulses>(NAME), now)
    },
  })
}
