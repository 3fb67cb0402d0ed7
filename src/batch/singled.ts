// The identifiers that decisions of the log name: which are in quarantine, and what their numbers are.

import type { Key } from '../core/identifier/identifier.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import type { Standing } from './decrees.ts'
import { idOf } from './stages/log.ts'

/** Of the identifiers put into quarantine those that had been seen by then. */
export async function standingQuarantine(
  engine: BatchEngine,
  parts: readonly LogColumns[],
  { quarantined, erased }: Standing,
): Promise<ReadonlySet<Key>> {
  if (quarantined.size === 0) return new Set()
  const ids = [...quarantined.keys()].map(idOf).join(', ')
  const rows = await engine.rows<{ key: Key; filename: string }>(
    `SELECT DISTINCT key, filename FROM ${engine.dialect.parquet(parts.map((p) => p.identifiers))} WHERE id IN (${ids})`,
  )
  const partOf = new Map(parts.map((part) => [part.identifiers, part]))
  const standingKeys = new Set<Key>()
  for (const { key, filename } of rows) {
    const part = partOf.get(filename)
    const at = quarantined.get(key) ?? 0
    if (part === undefined || part.last >= at) continue
    const since = erased.some((e) => e.key === key && e.before <= at && part.last < e.before)
    if (!since) standingKeys.add(key)
  }
  return standingKeys
}

/** Key -> node, of the keys that are there. */
export async function nodesOf(
  engine: BatchEngine,
  keys: readonly Key[],
): Promise<ReadonlyMap<Key, number>> {
  if (keys.length === 0) return new Map()
  const ids = [...new Set(keys)].map(idOf).join(', ')
  const rows = await engine.rows<{ id: string; node: number }>(
    `SELECT CAST(id AS VARCHAR) AS id, node FROM identifier WHERE id IN (${ids})`,
  )
  const nodes = new Map(rows.map(({ id, node }) => [id, node]))
  return new Map(
    keys.flatMap((key) => {
      const node = nodes.get(idOf(key))
      return node === undefined ? [] : [[key, node] as const]
    }),
  )
}
