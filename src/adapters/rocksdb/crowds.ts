// Who was seen with an identifier on a day, of all identifiers and days, as the rows go by.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import type { Database, Row } from './database.ts'
import { seenIn } from './edge-rows.ts'
import { nodesIn } from './neighbourhood.ts'

export interface Crowd {
  readonly identifier: Key
  readonly day: number
  readonly from: readonly Key[]
}

/** By identifier, then day. `pages`: of sightings. */
export async function* crowdsIn(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<Crowd> {
  let [identifier, day, from]: [Key, number, Key[]] = ['', 0, []]
  for await (const page of pages) {
    for (const [row] of page) {
      const seen = seenIn(row)
      if (seen.identifier !== identifier || seen.day !== day) {
        if (from.length > 0) yield { identifier, day, from }
        ;[identifier, day, from] = [seen.identifier, seen.day, []]
      }
      from.push(seen.from)
    }
  }
  if (from.length > 0) yield { identifier, day, from }
}

/** How many cookies (of a member), or people by their anchors (of a witness), are in a crowd. */
export function peopleIn(database: Database, { from }: Crowd, { component }: NodeRecord): number {
  const cookies = nodesIn(database, from).filter(({ type }) => type === 'cookie')
  return new Set(cookies.map((one) => (component === '' ? one.anchor : one.key))).size
}

/** Of any type. */
export function smallestOf(crowdFrom: ReadonlyMap<string, number>): number {
  return Math.min(Infinity, ...crowdFrom.values())
}
