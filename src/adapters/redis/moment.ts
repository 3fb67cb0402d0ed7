// All nodes and profiles as they are at one moment, read while others write: what they write meanwhile stands in a journal.
// Invariant: the last of the journal is read in one script with the position, so all of it is of that moment.

import type { Position } from '../../ports/event-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import type { Link } from './link.ts'
import type { Names } from './namespaces.ts'
import { SETTLED } from './query-scripts.ts'
import { steps } from './scan.ts'

/** How long commits keep the journal after the last word of who reads it. */
const WATCH_MS = 120_000
const RENEW_MS = 10_000
/** What is read of the journal in one step, and at one moment. */
const STEP = 2_000

/** Hears of one as often as it is met; what it hears last holds. Null: it is there no more. */
export interface Taking {
  node(key: Buffer, record: Buffer | null): void
  profile(field: Buffer, record: Buffer): void
}

type Values = readonly (Buffer | null)[]
type Settled = readonly [Buffer, readonly Buffer[], Values, readonly Buffer[], Values]

/** Returns up to where the log was applied at that moment. */
export async function atOneMoment(link: Link, names: Names, taking: Taking): Promise<Position> {
  const watch = watcher(link, names)
  await watch()
  const journal = names.key('jour')
  let at = Number(await link.ask('LLEN', journal))
  for await (const step of steps(link, names, 'node')) {
    for (const [key, record] of step) taking.node(key, record)
    await watch()
  }
  for await (const step of steps(link, names, 'prof')) {
    for (const [field, record] of step) taking.profile(field, record)
    await watch()
  }
  for (; Number(await link.ask('LLEN', journal)) - at > STEP; at += STEP) {
    await catchUp(link, names, taking, at)
    await watch()
  }
  const answer = await link.run(SETTLED, names.keys, [String(at)])
  const [position, keys, nodes, fields, profiles] = answer as Settled
  take(taking, [keys, nodes], [fields, profiles])
  return Number(position)
}

function watcher(link: Link, names: Names): () => Promise<void> {
  let last = 0
  return async () => {
    const now = Date.now()
    if (now - last < RENEW_MS) return
    if (now - last > WATCH_MS && last > 0) {
      const what = `the graph in Redis at ${link.place} was looked at too slowly to be seen at one moment`
      throw new StoreError('unavailable', what, { retryable: true })
    }
    last = now
    await link.ask('HSET', names.key('meta'), 'watch', String(now + WATCH_MS))
  }
}

async function catchUp(link: Link, names: Names, taking: Taking, at: number): Promise<void> {
  const end = String(at + STEP - 1)
  const list = (await link.ask('LRANGE', names.key('jour'), String(at), end)) as readonly Buffer[]
  const of = (mark: string): readonly Buffer[] =>
    list.filter((one) => one[0] === mark.charCodeAt(0)).map((one) => one.subarray(1))
  const values = async (name: 'node' | 'prof', fields: readonly Buffer[]): Promise<Values> =>
    fields.length === 0 ? [] : ((await link.ask('HMGET', names.key(name), ...fields)) as Values)
  const [nodes, profiles] = [of('n'), of('p')]
  take(taking, [nodes, await values('node', nodes)], [profiles, await values('prof', profiles)])
}

type Columns = readonly [fields: readonly Buffer[], values: Values]

function take(taking: Taking, [keys, nodes]: Columns, [fields, profiles]: Columns): void {
  for (const [i, key] of keys.entries()) taking.node(key, nodes[i] ?? null)
  for (const [i, field] of fields.entries()) {
    const record = profiles[i] ?? null
    if (record !== null) taking.profile(field, record)
  }
}
