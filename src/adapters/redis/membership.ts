// Who belongs to whom at one moment, read while others write: what they write meanwhile stands in a journal.
// Invariant: the last of the journal is read in one script with the position, so all of it is of that moment.

import { numberOf } from '../../core/identifier/identifier.ts'
import type { ProfileRecord } from '../../core/profile/view/records.ts'
import type { Membership } from '../../ports/identity-store.ts'
import { ByteReader, profileOfField } from './bytes.ts'
import type { Link } from './link.ts'
import type { Names } from './namespaces.ts'
import { SETTLED } from './query-scripts.ts'
import { readNode, readProfile } from './records.ts'
import { nodeSteps, profileSteps } from './scan.ts'

/** How long commits keep the journal after the last word of who reads it. */
const WATCH_MS = 120_000
const RENEW_MS = 10_000
/** What is read of the journal in one step, and at one moment. */
const STEP = 2_000

/** Members: the profile of each; "" for who is none any more. */
interface Found {
  readonly members: Map<bigint, string>
  readonly profiles: Map<string, ProfileRecord>
}

export async function membershipOf(link: Link, names: Names): Promise<Membership> {
  const found: Found = { members: new Map(), profiles: new Map() }
  const watch = watcher(link, names)
  await watch()
  const journal = names.key('jour')
  let at = Number(await link.ask('LLEN', journal))
  for await (const nodes of nodeSteps(link, names)) {
    for (const { key, profile } of nodes) found.members.set(numberOf(key), profile)
    await watch()
  }
  for await (const profiles of profileSteps(link, names)) {
    for (const profile of profiles) found.profiles.set(profile.id, profile)
    await watch()
  }
  for (;;) {
    const left = Number(await link.ask('LLEN', journal)) - at
    if (left <= STEP) break
    await catchUp(link, names, found, at)
    at += STEP
    await watch()
  }
  const answer = await link.run(SETTLED, names.keys, [String(at)])
  const [position, nodeKeys, nodes, profileIds, profiles] = answer as Settled
  take(found, nodeKeys, nodes, profileIds, profiles)
  return columnsOf(found, Number(position))
}

type Values = readonly (Buffer | null)[]
type Settled = readonly [Buffer, readonly Buffer[], Values, readonly Buffer[], Values]

function watcher(link: Link, names: Names): () => Promise<void> {
  let last = -Infinity
  return async () => {
    const now = Date.now()
    if (now - last < RENEW_MS) return
    last = now
    await link.ask('HSET', names.key('meta'), 'watch', String(now + WATCH_MS))
  }
}

async function catchUp(link: Link, names: Names, found: Found, at: number): Promise<void> {
  const end = String(at + STEP - 1)
  const list = (await link.ask('LRANGE', names.key('jour'), String(at), end)) as readonly Buffer[]
  const of = (mark: string): readonly Buffer[] =>
    list.filter((one) => one[0] === mark.charCodeAt(0)).map((one) => one.subarray(1))
  const values = async (name: 'node' | 'prof', fields: readonly Buffer[]): Promise<Values> =>
    fields.length === 0 ? [] : ((await link.ask('HMGET', names.key(name), ...fields)) as Values)
  const [nodes, profiles] = [of('n'), of('p')]
  take(found, nodes, await values('node', nodes), profiles, await values('prof', profiles))
}

function take(
  found: Found,
  nodeKeys: readonly Buffer[],
  nodes: Values,
  profileIds: readonly Buffer[],
  profiles: Values,
): void {
  for (const [i, field] of nodeKeys.entries()) {
    const [key, value] = [field.toString('hex'), nodes[i] ?? null]
    const profile = value === null ? '' : readNode(new ByteReader(value), key).profile
    found.members.set(numberOf(key), profile)
  }
  for (const [i, field] of profileIds.entries()) {
    const [id, value] = [profileOfField(field), profiles[i] ?? null]
    if (value !== null) found.profiles.set(id, readProfile(new ByteReader(value), id))
  }
}

function columnsOf({ members, profiles }: Found, position: number): Membership {
  const live = [...profiles.values()].filter(({ size }) => size > 0)
  const indexOf = new Map(live.map(({ id }, i) => [id, i]))
  const own = [...members].filter(([, profile]) => profile !== '')
  own.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return {
    position,
    members: BigInt64Array.from(own, ([member]) => member),
    profileOf: Int32Array.from(own, ([, profile]) => indexOf.get(profile) ?? -1),
    ids: live.map(({ id }) => id),
    confirmed: Uint8Array.from(live, ({ state }) => (state === 'confirmed' ? 1 : 0)),
    revisions: Int32Array.from(live, ({ revision }) => revision),
    weakest: Int32Array.from(live, ({ weakest }) => weakest),
  }
}
