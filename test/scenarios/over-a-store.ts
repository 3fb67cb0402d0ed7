// A scenario as a server lives it: the log, a store behind the resolver, and a restart after every act.
// Invariant: nothing is in memory that the store and the log do not give back.

import { createMemoryIdentityStore } from '../../src/adapters/memory/index.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { SoleResolver } from '../../src/flows/resolve-events.ts'
import type { EventLog, StoredRecord } from '../../src/ports/event-log.ts'
import { idsFor } from './graph.ts'
import type { Names } from './names.ts'
import { joined } from './reading.ts'
import type { Step } from './stage.ts'

const NODES_MAX = 10_000

/** The profiles in the end, as `partitionText` writes them. */
export async function endOverStore(
  policy: Policy,
  steps: readonly Step[],
  names: Names,
): Promise<string> {
  const records: StoredRecord[] = []
  const log: EventLog = {
    append: () => Promise.reject(new Error('only read')),
    read: (from, limit) => Promise.resolve(records.slice(from - 1, from - 1 + limit)),
    messagesOf: () => Promise.resolve([]),
    end: () => records.length,
    close: () => Promise.resolve(),
  }
  const store = createMemoryIdentityStore()
  for (const step of steps) {
    for (const record of recordsOf(step, records.length + 1)) records.push(record)
    const resolver = new SoleResolver({ log, store, policy, ids: idsFor(new Map()) })
    await resolver.catchUp()
  }
  const profiles = new Map<string, string[]>()
  for (const node of await store.scanNodes('', NODES_MAX)) {
    if (node.component === '') continue
    profiles.set(node.profile, [...(profiles.get(node.profile) ?? []), names.nameOf(node)])
  }
  return joined([...profiles.values()].map((members) => members.toSorted().join(' ')))
}

function recordsOf({ facts, dated }: Step, position: number): StoredRecord[] {
  if (dated !== null) {
    const { id, at, author, decree } = dated
    return [{ kind: 'decision', position, id, at, author, decision: decree }]
  }
  return facts.map((fact, n) => ({
    kind: 'message',
    position: position + n,
    fact,
    extractionVersion: 1,
    raw: '{}',
  }))
}
