// How many were seen with identifiers, asked of a few at a time.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import { biasedDay, ByteReader } from './bytes.ts'
import { keys } from './commit-arguments.ts'
import type { Link } from './link.ts'
import type { Names } from './namespaces.ts'
import { CROWDS } from './query-scripts.ts'
import { readNode } from './records.ts'

/** Identifiers asked about in one step. */
const CROWDS_A_STEP = 50
const ANY_DAY = -1

export interface Crowd {
  /** The most on one day. */
  readonly most: number
  /** Members tied to it. */
  readonly around: number
}

/** @param day null for any, the busiest */
export async function crowdsOf(
  link: Link,
  names: Names,
  identifiers: readonly Key[],
  day: number | null,
): Promise<readonly Crowd[]> {
  const given = [keys(identifiers), String(day === null ? ANY_DAY : biasedDay(day))]
  const found = (await link.run(CROWDS, names.keys, given)) as readonly number[]
  return identifiers.map((_, i) => ({ most: found[2 * i] ?? 0, around: found[2 * i + 1] ?? 0 }))
}

/** Null where there is none. */
export async function nodesOf(
  link: Link,
  names: Names,
  wanted: readonly Key[],
): Promise<readonly (NodeRecord | null)[]> {
  if (wanted.length === 0) return []
  const fields = wanted.map((key) => Buffer.from(key, 'hex'))
  const found = await link.ask('HMGET', names.key('node'), ...fields)
  return (found as readonly (Buffer | null)[]).map((bytes, i) =>
    bytes === null ? null : readNode(new ByteReader(bytes), wanted[i] ?? ''),
  )
}

/** Of a list, so many as are asked about in one step. */
export function* parts<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += CROWDS_A_STEP) yield list.slice(at, at + CROWDS_A_STEP)
}
