// Which segments a directory holds, oldest first. Invariant: they adjoin, from position 1; a gap is a missing file.

import { join } from 'node:path'
import type { Position } from '../../ports/event-log.ts'
import { type FileKind, fileName, type LogFile } from './directory.ts'
import { corrupt } from './failures.ts'
import type { SealedSegment, TextSegment } from './log-view.ts'
import { Marks } from './text-segment.ts'

export interface Listed {
  /** All but the open one. */
  readonly closed: readonly (SealedSegment | TextSegment)[]
  /** The last text segment if nothing follows it, else null. */
  readonly open: { readonly first: Position; readonly path: string } | null
  /** Text segments that have been sealed but not yet removed. */
  readonly leftovers: readonly string[]
}

/** A sealed segment by its positions, both inclusive. */
export function sealedSegment(directory: string, first: Position, last: Position): SealedSegment {
  const path = (kind: FileKind): string => join(directory, fileName(kind, first, last))
  return {
    sealed: true,
    first,
    last,
    path: path('parquet'),
    keysPath: path('keys'),
    identifiersPath: path('identifiers.parquet'),
    edgesPath: path('edges.parquet'),
  }
}

/**
 * Orders the files of a log.
 * @throws StoreError `corrupt` when a segment is missing
 */
export function segmentsOf(directory: string, files: readonly LogFile[]): Listed {
  const sealed = files.filter(({ kind }) => kind === 'parquet')
  const sealedFirsts = new Set(sealed.map(({ first }) => first))
  const texts = files.filter(({ kind }) => kind === 'tsv')
  const leftovers = texts.filter(({ first }) => sealedFirsts.has(first))
  const all = [...sealed, ...texts.filter(({ first }) => !sealedFirsts.has(first))].toSorted(
    (a, b) => a.first - b.first,
  )
  const closed: (SealedSegment | TextSegment)[] = []
  let open: Listed['open'] = null
  let next = 1
  for (const [at, { kind, first, last, path }] of all.entries()) {
    const follower = all[at + 1]?.first
    if (first !== next) {
      throw corrupt(directory, `a segment begins at position ${first}, but ${next} is the next one`)
    }
    if (kind === 'parquet') {
      closed.push(sealedSegment(directory, first, last))
      next = last + 1
    } else if (follower === undefined) open = { first, path }
    else {
      closed.push({ sealed: false, first, last: follower - 1, path, marks: new Marks() })
      next = follower
    }
  }
  return { closed, open, leftovers: leftovers.map(({ path }) => path) }
}
