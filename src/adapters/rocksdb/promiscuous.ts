// Which identifiers hold many together, or were made to hold nobody: one pass over profiles, nodes and sightings each.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import type { Promiscuous, PromiscuousPlace } from '../../ports/identity-store.ts'
import { MEMBER_KIND_CODES_END } from '../../ports/record-codes.ts'
import { crowdsIn, peopleIn, smallestOf } from './crowds.ts'
import type { Database } from './database.ts'
import { endsOf, seenIn } from './edge-rows.ts'
import { byKey, keyAt, prefixOf } from './keys.ts'
import { nodesIn } from './neighbourhood.ts'
import { nodeOf, profileOf } from './rows.ts'

interface Counted {
  readonly node: NodeRecord
  /** The most on one day so far. */
  promiscuity: number
}

export async function promiscuousIn(
  database: Database,
  crowdFrom: ReadonlyMap<string, number>,
  after: PromiscuousPlace | null,
  limit: number,
): Promise<readonly Promiscuous[]> {
  const sightings = database.scan(prefixOf('sighting'))
  const counted = new Map<Key, Counted>(
    (await singled(database)).map((node) => [node.key, { node, promiscuity: 0 }]),
  )
  const isSingled = new Set(counted.keys())
  const smallest = smallestOf(crowdFrom)
  for await (const crowd of crowdsIn(sightings)) {
    if (crowd.from.length < smallest && !isSingled.has(crowd.identifier)) continue
    const known = counted.get(crowd.identifier)
    const node = known?.node ?? nodesIn(database, [crowd.identifier])[0]
    if (node === undefined) continue
    const people = peopleIn(database, crowd, node)
    if (known !== undefined) known.promiscuity = Math.max(known.promiscuity, people)
    else if (people >= (crowdFrom.get(node.type) ?? Infinity))
      counted.set(node.key, { node, promiscuity: people })
  }
  return [...counted.values()]
    .toSorted((x, y) => byCrowd(placeOf(x), placeOf(y)))
    .filter((one) => after === null || byCrowd(after, placeOf(one)) < 0)
    .slice(0, limit)
    .map(({ node, promiscuity }) => ({ node, promiscuity, around: around(database, node) }))
}

/** In quarantine, or of a profile that is shared. */
async function singled(database: Database): Promise<readonly NodeRecord[]> {
  const [nodes, profiles] = [database.scan(prefixOf('node')), database.scan(prefixOf('profile'))]
  const shared = new Set<string>()
  for await (const page of profiles) {
    for (const [row, value] of page)
      if (profileOf('', value).kind === 'shared') shared.add(row.toString('utf8', 1))
  }
  const found: NodeRecord[] = []
  for await (const page of nodes) {
    const read = page.map(([row, value]) => nodeOf(keyAt(row, 1), value))
    found.push(...read.filter((node) => node.quarantined || shared.has(node.profile)))
  }
  return found
}

function placeOf({ node, promiscuity }: Counted): PromiscuousPlace {
  return { promiscuity, key: node.key }
}

function byCrowd(x: PromiscuousPlace, y: PromiscuousPlace): number {
  return y.promiscuity - x.promiscuity || (x.key < y.key ? -1 : x.key > y.key ? 1 : 0)
}

/** Members tied to it: by edges, of a witness by sightings. */
function around(database: Database, { key, component }: NodeRecord): number {
  if (component === '') {
    const rows = database.range(byKey('sighting', key), { keysOnly: true })
    return new Set(rows.map(([row]) => seenIn(row).from)).size
  }
  const edges = database.range(byKey('edge', key), { keysOnly: true }).map(([row]) => endsOf(row))
  const tied = edges.filter(({ kind }) => kind < MEMBER_KIND_CODES_END)
  return new Set(tied.map(({ from, to }) => (from === key ? to : from))).size
}
