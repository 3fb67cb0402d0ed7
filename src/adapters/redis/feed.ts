// The feed: rows in chunks of a hash, so that any of them is found by its number.

import type { FeedRow, IdentityStore, StoredChange } from '../../ports/identity-store.ts'
import type { Asking } from './asking.ts'
import { ByteReader, profileField } from './bytes.ts'
import { TOLD } from './query-scripts.ts'
import { changeOfRow, readRow } from './reviews.ts'

/** As in the script that writes them. */
const ROWS_A_CHUNK = 32
/** Chunks in one answer. */
const CHUNKS = 16

type Feed = Pick<IdentityStore, 'changesOf' | 'changes' | 'feed' | 'feedEnd'>

export function feedOf(asking: Asking): Feed {
  return {
    changesOf: (profile, limit) => changesOf(asking, profile, limit),
    changes: (after, limit) => rowsAfter(asking, after, limit, changeOfRow),
    feed: (after, limit) => rowsAfter(asking, after, limit, (row) => row),
    feedEnd: () => asking.number('HGET', 'meta', 'seq'),
  }
}

/** By the numbers of chunks; the list ends before the first that is not there. */
async function chunks(asking: Asking, numbers: readonly number[]): Promise<readonly FeedRow[][]> {
  if (numbers.length === 0) return []
  const found = (await asking.on('HMGET', 'feed', ...numbers.map(String))) as (Buffer | null)[]
  const end = found.indexOf(null)
  return found
    .slice(0, end < 0 ? found.length : end)
    .map((bytes, i) => (bytes === null ? [] : rowsIn(bytes, (numbers[i] ?? 0) * ROWS_A_CHUNK)))
}

function rowsIn(chunk: Buffer, before: number): FeedRow[] {
  const bytes = new ByteReader(chunk)
  const rows: FeedRow[] = []
  for (let sequence = before + 1; !bytes.isDone; sequence++) rows.push(readRow(bytes, sequence))
  return rows
}

async function rowsAfter<T>(
  asking: Asking,
  after: number,
  limit: number,
  wanted: (row: FeedRow) => T | null,
): Promise<readonly T[]> {
  const list: T[] = []
  for (let chunk = Math.floor(after / ROWS_A_CHUNK); ; chunk += CHUNKS) {
    const found = await chunks(
      asking,
      Array.from({ length: CHUNKS }, (_, i) => chunk + i),
    )
    const rows = found.flat().filter(({ sequence }) => sequence > after)
    list.push(...rows.map(wanted).filter((one) => one !== null))
    if (list.length >= limit || found.length < CHUNKS) return list.slice(0, limit)
  }
}

async function changesOf(
  asking: Asking,
  profile: string,
  limit: number,
): Promise<readonly StoredChange[]> {
  const told = (await asking.run(TOLD, profileField(profile), String(limit))) as Buffer
  const numbers: number[] = []
  for (const bytes = new ByteReader(told); !bytes.isDone;) numbers.push(bytes.number())
  const latest = new Set(numbers.slice(Math.max(0, numbers.length - limit)))
  const wanted = new Set([...latest].map((one) => Math.floor((one - 1) / ROWS_A_CHUNK)))
  const rows = (await chunks(asking, [...wanted])).flat()
  return rows
    .filter(({ sequence }) => latest.has(sequence))
    .map(changeOfRow)
    .filter((one) => one !== null)
}
