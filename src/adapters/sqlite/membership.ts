// Who belongs to whom, all of it, in one pass over the nodes and one over the profiles, thousands of rows in one answer: a
// row by itself costs four times as much. Invariant: both passes see one state of the graph, that of the caller's transaction.

import type { DatabaseSync } from 'node:sqlite'
import type { Membership } from '../../ports/identity-store.ts'
import { codeOf, PROFILE_STATES } from '../../ports/record-codes.ts'
import { prepareQuery } from './query.ts'

const CONFIRMED = codeOf(PROFILE_STATES, 'confirmed')
const ROWS_AT_ONCE = 2_000

/** Numbers and names of the rows between two ids, each column in one text; NULL where there is none. */
type Packed = [count: number, ...columns: (string | null)[]]

/** To be called in a transaction. */
export type ReadMembership = () => Omit<Membership, 'position'>

export function prepareMembership(database: DatabaseSync): ReadMembership {
  const counts = prepareQuery<[members: number, lastNode: number, lastProfile: number]>(
    database,
    `SELECT (SELECT count(*) FROM node WHERE profile IS NOT NULL), (SELECT coalesce(max(id), 0) FROM node),
    (SELECT coalesce(max(id), 0) FROM profile)`,
  )
  // The sign keeps SQLite from going by the index of profiles, row by row all over the table.
  const nodes = database.prepare(`
SELECT count(*), group_concat(profile, ' '), unhex(group_concat(hex(substr(key, 1, 8)), ''))
FROM node WHERE id BETWEEN ? AND ? AND +profile IS NOT NULL`)
  const profiles = database.prepare(`
SELECT count(*), group_concat(id, ' '), group_concat(state, ' '), group_concat(revision, ' '), group_concat(weakest, ' '),
  group_concat(name, ' ')
FROM profile WHERE id BETWEEN ? AND ? AND size > 0`)
  for (const statement of [nodes, profiles]) statement.setReturnArrays(true)
  return () => {
    const [count = 0, lastNode = 0, lastProfile = 0] = counts.first() ?? []
    const found = readProfiles(
      lastProfile,
      (from, to) => profiles.get(from, to) as unknown as Packed,
    )
    const members = new BigInt64Array(count)
    const profileOf = new Int32Array(count)
    const bytes = Buffer.from(members.buffer)
    let at = 0
    for (let from = 1; from <= lastNode; from += ROWS_AT_ONCE) {
      const [rows, profile, keys] = nodes.get(from, from + ROWS_AT_ONCE - 1) as unknown as [
        number,
        string,
        Uint8Array,
      ]
      if (rows === 0) continue
      bytes.set(keys, 8 * at)
      putNumbers(profileOf, at, profile)
      at += rows
    }
    signed(bytes)
    for (let i = 0; i < count; i++) profileOf[i] = found.indexOf[profileOf[i] ?? 0] ?? -1
    const { indexOf: _, ...rest } = found
    return { members, profileOf, ...rest }
  }
}

interface Profiles extends Omit<Membership, 'position' | 'members' | 'profileOf'> {
  /** By the number of a profile: where it is in the columns; -1 for none. */
  readonly indexOf: Int32Array
}

function readProfiles(last: number, rowsOf: (from: number, to: number) => Packed): Profiles {
  const numbers = (): Int32Array => new Int32Array(last)
  const [id, state, revision, weakest] = [numbers(), numbers(), numbers(), numbers()] as const
  const ids: string[] = []
  for (let from = 1; from <= last; from += ROWS_AT_ONCE) {
    const [rows, ...columns] = rowsOf(from, from + ROWS_AT_ONCE - 1)
    if (rows === 0) continue
    const names = columns.pop() ?? ''
    ;[id, state, revision, weakest].forEach((column, i) =>
      putNumbers(column, ids.length, columns[i] ?? ''),
    )
    for (const name of names.split(' ')) ids.push(name)
  }
  const indexOf = new Int32Array(last + 1).fill(-1)
  for (let i = 0; i < ids.length; i++) indexOf[id[i] ?? 0] = i
  return {
    indexOf,
    ids,
    confirmed: Uint8Array.from(state.subarray(0, ids.length), (one) => (one === CONFIRMED ? 1 : 0)),
    revisions: revision.slice(0, ids.length),
    weakest: weakest.slice(0, ids.length),
  }
}

const SPACE = 32
const ZERO = 48

/** Whole numbers that are not negative, with a space between two. */
function putNumbers(to: Int32Array, from: number, text: string): void {
  let at = from
  let number = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === SPACE) {
      to[at++] = number
      number = 0
    } else number = 10 * number + code - ZERO
  }
  to[at] = number
}

/** First 64 bits of keys, as they are stored, to signed numbers in the order of keys, in the byte order of this machine. */
function signed(bytes: Buffer): void {
  if (LITTLE_ENDIAN) bytes.swap64()
  const words = new Int32Array(bytes.buffer)
  for (let i = LITTLE_ENDIAN ? 1 : 0; i < words.length; i += 2)
    words[i] = (words[i] ?? 0) ^ 0x80000000
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
