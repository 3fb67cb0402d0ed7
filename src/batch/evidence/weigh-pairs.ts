// All candidate pairs of a log, and the bin of each signal of each of them.

import { writeBins } from '../../core/evidence/model.ts'
import { raritiesOf } from '../../core/evidence/known-witnesses.ts'
import { readSignals } from '../../core/evidence/read-signals.ts'
import { SIGNAL_COUNT } from '../../core/evidence/signals.ts'
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

export interface WeighedPairs {
  readonly known: KnownWitnesses
  readonly pairs: Pairs
  /** `SIGNAL_COUNT` a pair. */
  readonly bins: Uint8Array
  /** Writes what each signal says of a pair, by its place among `pairs`. */
  readonly read: (pair: number, into: Int32Array) => void
}

export function weighPairs({
  arrays,
  out,
  peopleMax,
  windowDays,
  known,
}: WeighInput): WeighedPairs {
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
  const { lives, numberOf } = gatherLives({ ...arrays, signatures, rowOf }, wanted)
  const rarities = raritiesOf(looked.known)
  const read = (pair: number, into: Int32Array): void => {
    const [a, b] = [pairs.a[pair] ?? 0, pairs.b[pair] ?? 0]
    readSignals(rarities, lives, numberOf[a] ?? 0, numberOf[b] ?? 0, into)
  }
  return { known: looked.known, pairs, bins: binsOf(pairs.a.length, read), read }
}

function binsOf(count: number, read: WeighedPairs['read']): Uint8Array {
  const bins = new Uint8Array(count * SIGNAL_COUNT)
  const values = new Int32Array(SIGNAL_COUNT)
  for (let i = 0; i < count; i++) {
    read(i, values)
    writeBins(values, bins, i * SIGNAL_COUNT)
  }
  return bins
}
