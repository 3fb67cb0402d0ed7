// Which identifiers hold many together, or were made to hold nobody: a look at all sightings, step by step.
// Invariant: nobody who loads or commits waits for more than one step.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import type { Promiscuous, PromiscuousPlace } from '../../ports/identity-store.ts'
import { ByteReader, profileOfField } from './bytes.ts'
import { crowdsOf, parts } from './crowds.ts'
import type { Link } from './link.ts'
import type { Names } from './namespaces.ts'
import { readNode, readProfile } from './records.ts'
import { steps } from './scan.ts'

export async function promiscuousIn(
  link: Link,
  names: Names,
  crowdFrom: ReadonlyMap<string, number>,
  after: PromiscuousPlace | null,
  limit: number,
): Promise<readonly Promiscuous[]> {
  const shared = await sharedIn(link, names)
  const isHeld = ({ quarantined, profile }: NodeRecord): boolean =>
    quarantined || shared.has(profile)
  const found = new Map<Key, Promiscuous>()
  for await (const step of steps(link, names, 'node')) {
    const nodes = step.map(([key, record]) => readNode(new ByteReader(record), key.toString('hex')))
    const some = nodes.filter((node) => isHeld(node) || crowdFrom.has(node.type))
    for (const part of parts(some)) {
      const asked = part.map(({ key }) => key)
      const crowds = await crowdsOf(link, names, asked, null)
      for (const [i, node] of part.entries()) {
        const { most, around } = crowds[i] ?? { most: 0, around: 0 }
        if (!isHeld(node) && most < (crowdFrom.get(node.type) ?? Infinity)) continue
        const one = { node, promiscuity: most, around }
        if (after === null || byCrowd(after, placeOf(one)) < 0) found.set(node.key, one)
      }
    }
  }
  return [...found.values()].toSorted((x, y) => byCrowd(placeOf(x), placeOf(y))).slice(0, limit)
}

async function sharedIn(link: Link, names: Names): Promise<ReadonlySet<string>> {
  const shared = new Set<string>()
  for await (const step of steps(link, names, 'prof')) {
    for (const [field, record] of step) {
      const { id, kind } = readProfile(new ByteReader(record), profileOfField(field))
      if (kind === 'shared') shared.add(id)
    }
  }
  return shared
}

function placeOf({ node, promiscuity }: Promiscuous): PromiscuousPlace {
  return { promiscuity, key: node.key }
}

function byCrowd(x: PromiscuousPlace, y: PromiscuousPlace): number {
  return y.promiscuity - x.promiscuity || (x.key < y.key ? -1 : x.key > y.key ? 1 : 0)
}
