// All candidate pairs of a log, and the bin of each signal of each of them.

import type { Lives } from '../../core/evidence/learned/lives.ts'
import { writeBins } from '../../core/evidence/learned/model.ts'
import { raritiesOf } from '../../core/evidence/learned/known-witnesses.ts'
import { readSignals } from '../../core/evidence/learned/read-signals.ts'
import { SIGNAL_COUNT } from '../../core/evidence/learned/signals.ts'
import type { KnownWitnesses } from '../../core/policy/knowledge.ts'
import { type Pairs, candidatePairs } from './candidates.ts'
import { gatherLives } from './gather-lives.ts'
import type { AlikeArrays } from './load-alike.ts'
import { signaturesOf } from './sightings.ts'
import { rowsOf, survey } from './survey.ts'

export interface WeighInput {
  readonly arrays: AlikeArrays
  /** Cookies that are compared with nobody: by node, 1. */
  readonly out: Uint8Array
  readonly peopleMax: number
  readonly windowDays: number
  /** What is known of witnesses; null: look. */
  readonly known: KnownWitnesses | null
}

/** Candidate pairs, and the lives of their cookies. */
export interface GatheredPairs {
  readonly known: KnownWitnesses
  readonly pairs: Pairs
  readonly lives: Lives
  /** By node: the number of a cookie's life. */
  readonly numberOf: Int32Array
}

export interface WeighedPairs {
  readonly known: KnownWitnesses
  readonly pairs: Pairs
  /** `SIGNAL_COUNT` a pair. */
  readonly bins: Uint8Array
  /** Writes what each signal says of a pair, by its place among `pairs`. */
  readonly read: (pair: number, into: Int32Array) => void
}

export function weighPairs(input: WeighInput): WeighedPairs {
  const gathered = gatherPairs(input)
  const { known, pairs } = gathered
  return { known, pairs, bins: binsOf(gathered), read: readerOf(gathered) }
}

export function gatherPairs({
  arrays,
  out,
  peopleMax,
  windowDays,
  known,
}: WeighInput): GatheredPairs {
  const { sightings, kinds, numbers, anchors } = arrays
  const signatures = signaturesOf(sightings, kinds, kinds.length)
  const looked =
    known === null ? survey(arrays, signatures) : { known, rowOf: rowsOf(known, kinds, numbers) }
  const { rowOf } = looked
  const pairs = candidatePairs({ sightings, kinds, anchors, out, rowOf, peopleMax, windowDays })
  const wanted = new Uint8Array(kinds.length)
  for (let i = 0; i < pairs.a.length; i++) {
    wanted[pairs.a[i] ?? 0] = 1
    wanted[pairs.b[i] ?? 0] = 1
  }
  return {
    known: looked.known,
    pairs,
    ...gatherLives({ ...arrays, signatures, rowOf }, wanted),
  }
}

/** The bin of each signal of each pair. */
export function binsOf(gathered: GatheredPairs): Uint8Array {
  const read = readerOf(gathered)
  const count = gathered.pairs.a.length
  const bins = new Uint8Array(count * SIGNAL_COUNT)
  const values = new Int32Array(SIGNAL_COUNT)
  for (let i = 0; i < count; i++) {
    read(i, values)
    writeBins(values, bins, i * SIGNAL_COUNT)
  }
  return bins
}

function readerOf({ known, pairs, lives, numberOf }: GatheredPairs): WeighedPairs['read'] {
  const rarities = raritiesOf(known)
  return (pair, into) => {
    const a = numberOf[pairs.a[pair] ?? 0] ?? 0
    const b = numberOf[pairs.b[pair] ?? 0] ?? 0
    readSignals(rarities, lives, a, b, into)
  }
}
