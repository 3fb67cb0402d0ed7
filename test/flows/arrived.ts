// Messages that have arrived, with all that look-ups need: a log, a store, and a resolver that must load what it is asked.

import { createMemoryEventLog, createMemoryIdentityStore } from '../../src/adapters/memory/index.ts'
import { parseIdentifierText } from '../../src/core/identifier/identifier-text.ts'
import type { Key } from '../../src/core/identifier/identifier.ts'
import { compilePolicy } from '../../src/core/policy/compile-policy.ts'
import type { Decree } from '../../src/core/profile/apply-decree.ts'
import type { LookUpParts } from '../../src/flows/look-up.ts'
import { SoleResolver } from '../../src/flows/resolve-events.ts'
import type { ResolverLimits } from '../../src/flows/resolver-limits.ts'
import type { LogRecord } from '../../src/ports/event-log.ts'
import { extractionOf, settingsOf, sha256 } from '../extraction.ts'
import type { Sent } from '../scenarios/messages.ts'
import { factFrom } from '../scenarios/stage.ts'
import { ids } from '../worlds/small-world.ts'

const extraction = extractionOf()
const policy = compilePolicy(settingsOf(), sha256)
const MINUTE_MS = 60_000
const START = Date.UTC(2026, 0, 1)

/** In the order in which they arrive, with the minute of each. Ids are their places in that order, from 0. */
export type Arrivals = readonly (readonly [minute: number, what: Sent | Decree])[]

export async function arrived(
  arrivals: Arrivals,
  limits: Partial<ResolverLimits> = {},
): Promise<LookUpParts> {
  const log = createMemoryEventLog()
  const store = createMemoryIdentityStore()
  await log.append(
    arrivals.map(([minute, what], n) => recordOf(what, START + minute * MINUTE_MS, n)),
  )
  const first = new SoleResolver({ log, store, policy, ids, limits })
  await first.catchUp()
  await first.flush()
  const resolver = new SoleResolver({ log, store, policy, ids, limits })
  await resolver.catchUp()
  return { log, store, resolver }
}

function recordOf(what: Sent | Decree, at: number, n: number): LogRecord {
  if (!('raw' in what)) return { kind: 'decision', id: `${n}`, at, author: 'sam', decision: what }
  const fact = factFrom(extraction, what, at, `${n}`)
  return { kind: 'message', fact, extractionVersion: 1, raw: '{}' }
}

/** Of a text `TYPE:VALUE`. */
export function keyOf(text: string): Key {
  const parsed = parseIdentifierText(extraction, text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.identifier.key
}
