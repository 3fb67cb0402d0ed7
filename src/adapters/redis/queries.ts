// The smaller questions: what is read by commands and short scripts.

import type { Key } from '../../core/identifier/identifier.ts'
import type { IdentityStore, StoreCounts, StoredChange } from '../../ports/identity-store.ts'
import { ByteReader, profileField, profileOfField } from './bytes.ts'
import type { Argument, Link } from './link.ts'
import type { KeyName, Names } from './namespaces.ts'
import { PROFILE, TOLD } from './query-scripts.ts'
import { readNode, readProfile } from './records.ts'
import { changeOfRow, descending, questionIn, readRow, verdictIn } from './reviews.ts'

export type Queries = Pick<
  IdentityStore,
  | 'position'
  | 'profile'
  | 'changesOf'
  | 'changes'
  | 'feed'
  | 'feedEnd'
  | 'epoch'
  | 'questions'
  | 'question'
  | 'verdicts'
  | 'verdictOn'
  | 'waiting'
  | 'counts'
>

const LAST_BYTE = Buffer.from([0xff])
const NO_BYTE = Buffer.from([0])
const ROWS_A_CHUNK = 32
/** Chunks of the feed in one answer. */
const CHUNKS = 16

export function queriesOf(link: Link, names: Names): Queries {
  const on = (command: string, name: KeyName, ...given: readonly Argument[]): Promise<unknown> =>
    link.ask(command, names.key(name), ...given)
  const number = async (answer: Promise<unknown>): Promise<number> => Number((await answer) ?? 0)
  const byPlace = async (
    [order, values]: readonly [KeyName, KeyName],
    after: Buffer | null,
    limit: number,
  ): Promise<readonly Buffer[]> => {
    const from = after === null ? '-' : Buffer.concat([Buffer.from('('), after])
    const most = String(limit)
    const found = (await on('ZRANGEBYLEX', order, from, '+', 'LIMIT', '0', most)) as Buffer[]
    return valuesOf(
      values,
      found.map((one) => one.subarray(8)),
    )
  }
  const valuesOf = async (name: KeyName, fields: readonly Argument[]): Promise<Buffer[]> => {
    if (fields.length === 0) return []
    const values = (await on('HMGET', name, ...fields)) as (Buffer | null)[]
    return values.filter((one) => one !== null)
  }
  const chunks = async (numbers: readonly number[]): Promise<readonly (Buffer | null)[]> =>
    (await on('HMGET', 'feed', ...numbers.map(String))) as (Buffer | null)[]

  /** Rows after a sequence until enough are wanted. */
  const rows = async <T>(
    after: number,
    limit: number,
    wanted: (row: ReturnType<typeof readRow>) => T | null,
  ): Promise<readonly T[]> => {
    const list: T[] = []
    for (let chunk = Math.floor(after / ROWS_A_CHUNK); ; chunk += CHUNKS) {
      const found = await chunks(Array.from({ length: CHUNKS }, (_, i) => chunk + i))
      for (const [i, bytes] of found.entries()) {
        if (bytes === null) return list
        for (const row of rowsIn(bytes, (chunk + i) * ROWS_A_CHUNK)) {
          if (list.length >= limit) return list
          const one = row.sequence > after ? wanted(row) : null
          if (one !== null) list.push(one)
        }
      }
    }
  }

  return {
    position: (source) => number(on('HGET', 'at', source)),
    profile: async (id) => profileIn(await link.run(PROFILE, names.keys, [profileField(id)])),
    changesOf: async (profile, limit) => {
      const given = [profileField(profile), String(limit)]
      const told = new ByteReader((await link.run(TOLD, names.keys, given)) as Buffer)
      const numbers: number[] = []
      while (!told.isDone) numbers.push(told.number())
      const latest = numbers.slice(Math.max(0, numbers.length - limit))
      const wanted = [...new Set(latest.map((one) => Math.floor((one - 1) / ROWS_A_CHUNK)))]
      const found = wanted.length === 0 ? [] : await chunks(wanted)
      const all = found.flatMap((bytes, i) =>
        bytes === null ? [] : rowsIn(bytes, (wanted[i] ?? 0) * ROWS_A_CHUNK),
      )
      const isOne = new Set(latest)
      return all
        .filter(({ sequence }) => isOne.has(sequence))
        .map(changeOfRow)
        .filter((one): one is StoredChange => one !== null)
    },
    changes: (after, limit) => rows(after, limit, changeOfRow),
    feed: (after, limit) => rows(after, limit, (row) => row),
    feedEnd: () => number(on('HGET', 'meta', 'seq')),
    epoch: async () => String(await on('HGET', 'meta', 'epoch')),
    questions: async (after, limit) => {
      const place = after && Buffer.concat([descending(after.worth), Buffer.from(after.id)])
      return (await byPlace(['qord', 'ques'], place, limit)).map(questionIn)
    },
    question: async (id) => (await valuesOf('ques', [id])).map(questionIn)[0] ?? null,
    verdicts: async (before, limit) => {
      const place = before === null ? null : Buffer.concat([descending(before), LAST_BYTE])
      return (await byPlace(['vord', 'verd'], place, limit)).map(verdictIn)
    },
    verdictOn: async (id) => {
      const name = Buffer.concat([Buffer.from(`[${id}`), NO_BYTE])
      const end = Buffer.concat([name, LAST_BYTE])
      const found = (await on('ZRANGEBYLEX', 'von', name, end, 'LIMIT', '0', '1')) as Buffer[]
      const ids = found.map((one) => one.subarray(Buffer.byteLength(id) + 9))
      return (await valuesOf('verd', ids)).map(verdictIn)[0] ?? null
    },
    waiting: async (limit) => {
      const found = await on('ZRANGEBYLEX', 'wait', '-', '+', 'LIMIT', '0', String(limit))
      return (found as Buffer[]).map((key): Key => key.toString('hex'))
    },
    counts: async (): Promise<StoreCounts> => {
      const [identifiers, edges, profiles, questions, waiting] = await Promise.all([
        number(on('HLEN', 'node')),
        number(on('HGET', 'meta', 'edges')),
        number(on('HGET', 'meta', 'live')),
        number(on('ZCARD', 'qord')),
        number(on('ZCARD', 'wait')),
      ])
      return { identifiers, edges, profiles, questions, waiting }
    },
  }
}

function rowsIn(chunk: Buffer, before: number): ReturnType<typeof readRow>[] {
  const bytes = new ByteReader(chunk)
  const rows = []
  for (let sequence = before + 1; !bytes.isDone; sequence++) rows.push(readRow(bytes, sequence))
  return rows
}

function profileIn(answer: unknown): Awaited<ReturnType<IdentityStore['profile']>> {
  const [id, record, ...nodes] = answer as readonly Buffer[]
  if (id === undefined || record === undefined) return null
  const members = nodes.map((node) => {
    const bytes = new ByteReader(node)
    return readNode(bytes, bytes.key())
  })
  return {
    profile: readProfile(new ByteReader(record), profileOfField(id)),
    members: members.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  }
}
