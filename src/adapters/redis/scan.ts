// Looks at a whole hash in bounded steps, between which others are served.
// Invariant: what stays while it is looked at comes, perhaps twice; trees of lists come leaf by leaf.

import type { Key } from '../../core/identifier/identifier.ts'
import { ByteReader } from './bytes.ts'
import type { Link } from './link.ts'
import type { KeyName, Names } from './namespaces.ts'

/** Fields in one step: less than a millisecond of the server. */
const STEP = '500'

/** Fields and values, a step at a time; one may come twice. */
export async function* steps(
  link: Link,
  names: Names,
  name: KeyName,
): AsyncGenerator<readonly (readonly [field: Buffer, value: Buffer])[]> {
  let cursor: string | Buffer = '0'
  do {
    const answer = await link.ask('HSCAN', names.key(name), cursor, 'COUNT', STEP)
    const [next, list] = answer as readonly [Buffer, readonly Buffer[]]
    yield Array.from({ length: list.length / 2 }, (_, i) => pairAt(list, 2 * i))
    cursor = String(next)
  } while (cursor !== '0')
}

const NOTHING = Buffer.alloc(0)

function pairAt(list: readonly Buffer[], at: number): readonly [Buffer, Buffer] {
  return [list[at] ?? NOTHING, list[at + 1] ?? NOTHING]
}

/** Keys of nodes, a step at a time; 32 bytes each. */
export async function* keySteps(link: Link, names: Names): AsyncGenerator<readonly Buffer[]> {
  for await (const step of steps(link, names, 'node')) yield step.map(([key]) => key)
}

/** Identifiers that were seen with somebody, and the latest day of each list of theirs; one may come twice. */
export async function* daySteps(
  link: Link,
  names: Names,
): AsyncGenerator<readonly (readonly [identifier: Key, latest: number])[]> {
  for await (const step of steps(link, names, 'days')) {
    yield step.flatMap(([field, value]) => {
      if (value[0] !== 0) return []
      const bytes = new ByteReader(value, 1)
      let latest = -Infinity
      while (!bytes.isDone) latest = Math.max(latest, bytes.day())
      return [[field.toString('hex', 0, 32), latest] as const]
    })
  }
}
