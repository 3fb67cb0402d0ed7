// A model as a document that people can read and files can keep: the weights of each signal under its name.
// Invariant: read back it scores alike; one made for other signals or bins is not read at all.

import type { Model } from '../../policy/knowledge.ts'
import { PAIR_BIN_COUNTS, PAIR_TERMS } from './model.ts'
import { BIN_COUNTS, SIGNAL_IDS } from './signals.ts'

/** Weights in thousandths of a natural log-odd, by bin, the bin of what is missing first. */
export interface ModelDocument {
  readonly bias: number
  readonly joinFrom: number
  readonly signals: Readonly<Record<string, readonly number[]>>
  /** By the names of both signals; by bin of the first times bins of the second plus bin of the second. */
  readonly pairs: Readonly<Record<string, readonly number[]>>
}

const PAIR_NAMES = PAIR_TERMS.map(([a, b]) => `${a} and ${b}`)

export function documentOf({ bias, joinFrom, weights, pairWeights }: Model): ModelDocument {
  return {
    bias,
    joinFrom,
    signals: named(SIGNAL_IDS, weights),
    pairs: named(PAIR_NAMES, pairWeights),
  }
}

function named(
  names: readonly string[],
  lists: readonly Int32Array[],
): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(names.map((name, i) => [name, [...(lists[i] ?? [])]]))
}

/** Null for the document of a version with other signals. */
export function modelOf({ bias, joinFrom, signals, pairs }: ModelDocument): Model | null {
  const weights = listsOf(SIGNAL_IDS, signals, BIN_COUNTS)
  const pairWeights = listsOf(PAIR_NAMES, pairs, PAIR_BIN_COUNTS)
  return weights === null || pairWeights === null ? null : { bias, joinFrom, weights, pairWeights }
}

function listsOf(
  names: readonly string[],
  lists: Readonly<Record<string, readonly number[]>>,
  bins: readonly number[],
): readonly Int32Array[] | null {
  if (Object.keys(lists).length !== names.length) return null
  const read = names.map((name) => Int32Array.from(lists[name] ?? []))
  return read.every(({ length }, i) => length === bins[i]) ? read : null
}
