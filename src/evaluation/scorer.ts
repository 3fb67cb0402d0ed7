// Scores an assignment of keys to profiles against the truth, pairwise and B-cubed.
// Invariant: counted by cells (keys of one person in one profile) in whole numbers, never by pairs, so order is nothing.

import { SHARED, type Truth } from './truth.ts'

/** Names are the public ones of `evaluate --json`. Precision of nothing said and recall of nothing to say are 1. */
export interface Score {
  readonly pair_precision: number
  readonly pair_recall: number
  readonly pair_f1: number
  readonly pair_f05: number
  readonly b3_precision: number
  readonly b3_recall: number
  readonly b3_f1: number
  readonly b3_f05: number
  /** Profiles that hold a scored key. */
  readonly profiles: number
  /** Of these, those that hold keys of two people or more. */
  readonly welded_profiles: number
  /** People whose keys stand in one profile, at most. */
  readonly most_people_in_one: number
  /** People who have a scored key. */
  readonly people: number
  /** Scored keys: those of one person. */
  readonly identifiers: number
  /** Of these, those in no profile: never seen, or given to nobody. Each counts as alone. */
  readonly unassigned: number
  /** Assigned keys that the truth does not know; left out of everything. */
  readonly unknown: number
  /** Keys of several people; left out of the pairs. */
  readonly shared: number
  /** Of these, those in a profile with somebody's scored keys. */
  readonly shared_wrongly_owned: number
  /** Pairs of scored keys: of one person, in one profile, both. Rounded beyond 2^53. */
  readonly pairs_true: number
  readonly pairs_assigned: number
  readonly pairs_right: number
}

/** Assign every key once, then ask for the score. */
export class Scorer {
  readonly #truth: Truth
  readonly #owners: readonly number[]
  readonly #profiles = new Map<string | number, number>()
  /** By profile: scored keys, shared keys. */
  readonly #sizes: number[] = []
  readonly #sharedIn: number[] = []
  /** Profile · people + person -> keys. */
  readonly #cells = new Map<number, number>()
  #assigned = 0
  #unknown = 0

  /** The truth must be complete: rows added later would not be seen. */
  constructor(truth: Truth) {
    this.#truth = truth
    this.#owners = truth.owners
  }

  /** `profile` null: nobody's. */
  assign(key: string, profile: string | number | null): void {
    const index = this.#truth.indexOf(key)
    const owner = index === undefined ? undefined : this.#owners[index]
    if (owner === undefined) this.#unknown++
    if (owner === undefined || profile === null) return
    const place = this.#placeOf(profile)
    if (owner === SHARED) {
      this.#sharedIn[place] = (this.#sharedIn[place] ?? 0) + 1
      return
    }
    this.#assigned++
    this.#sizes[place] = (this.#sizes[place] ?? 0) + 1
    const cell = place * this.#truth.people + owner
    this.#cells.set(cell, (this.#cells.get(cell) ?? 0) + 1)
  }

  #placeOf(profile: string | number): number {
    let place = this.#profiles.get(profile)
    if (place === undefined) {
      this.#profiles.set(profile, (place = this.#profiles.size))
      this.#sizes.push(0)
      this.#sharedIn.push(0)
    }
    return place
  }

  score(): Score {
    const owned = keysByPerson(this.#truth)
    const cells = this.#countCells(owned)
    const { scored, shared } = this.#truth
    const pairsAssigned = sum(this.#sizes.map(pairsOf))
    const pairsTrue = sum(owned.map(pairsOf))
    const pairPrecision = ratio(cells.pairs, pairsAssigned)
    const pairRecall = ratio(cells.pairs, pairsTrue)
    // who is in no profile is alone in one: right as far as it goes
    const alone = scored - this.#assigned
    const b3Precision = mean(sumOver(cells.byProfile) + alone, scored)
    const found = sumOver(cells.byPerson) + sumOver(this.#aloneByPerson(owned))
    const b3Recall = mean(found, scored)
    return {
      pair_precision: pairPrecision,
      pair_recall: pairRecall,
      pair_f1: fScore(pairPrecision, pairRecall, 1),
      pair_f05: fScore(pairPrecision, pairRecall, 0.5),
      b3_precision: b3Precision,
      b3_recall: b3Recall,
      b3_f1: fScore(b3Precision, b3Recall, 1),
      b3_f05: fScore(b3Precision, b3Recall, 0.5),
      profiles: this.#sizes.filter((size) => size > 0).length,
      welded_profiles: cells.people.filter((people) => people > 1).length,
      most_people_in_one: cells.people.reduce((most, people) => Math.max(most, people), 0),
      people: owned.filter((keys) => keys > 0).length,
      identifiers: scored,
      unassigned: alone,
      unknown: this.#unknown,
      shared,
      shared_wrongly_owned: this.#sizes.reduce(
        (all, size, place) => all + (size > 0 ? (this.#sharedIn[place] ?? 0) : 0),
        0,
      ),
      pairs_true: Number(pairsTrue),
      pairs_assigned: Number(pairsAssigned),
      pairs_right: Number(cells.pairs),
    }
  }

  #countCells(owned: readonly number[]): Counted {
    const people = this.#sizes.map(() => 0)
    const byProfile = new Map<number, bigint>()
    const byPerson = new Map<number, bigint>()
    let pairs = 0n
    for (const [cell, keys] of this.#cells) {
      const person = cell % this.#truth.people
      const place = (cell - person) / this.#truth.people
      pairs += pairsOf(keys)
      people[place] = (people[place] ?? 0) + 1
      addTo(byProfile, this.#sizes[place] ?? 0, BigInt(keys) * BigInt(keys))
      addTo(byPerson, owned[person] ?? 0, BigInt(keys) * BigInt(keys))
    }
    return { pairs, people, byProfile, byPerson }
  }

  /** Keys in no profile, by how many their person has: each finds itself only. */
  #aloneByPerson(owned: readonly number[]): Map<number, bigint> {
    const found = owned.map(() => 0)
    for (const [cell, keys] of this.#cells) {
      const person = cell % this.#truth.people
      found[person] = (found[person] ?? 0) + keys
    }
    const alone = new Map<number, bigint>()
    owned.forEach((keys, person) => addTo(alone, keys, BigInt(keys - (found[person] ?? 0))))
    return alone
  }
}

interface Counted {
  readonly pairs: bigint
  /** By profile: people whose keys it holds. */
  readonly people: readonly number[]
  /** Size of profile, or of person -> sum of the cells' squares. */
  readonly byProfile: ReadonlyMap<number, bigint>
  readonly byPerson: ReadonlyMap<number, bigint>
}

function keysByPerson(truth: Truth): number[] {
  const owned = Array.from({ length: truth.people }, () => 0)
  for (const owner of truth.owners) if (owner !== SHARED) owned[owner] = (owned[owner] ?? 0) + 1
  return owned
}

function pairsOf(keys: number): bigint {
  return keys < 2 ? 0n : (BigInt(keys) * BigInt(keys - 1)) / 2n
}

function sum(numbers: readonly bigint[]): bigint {
  return numbers.reduce((all, one) => all + one, 0n)
}

function addTo(sums: Map<number, bigint>, size: number, more: bigint): void {
  sums.set(size, (sums.get(size) ?? 0n) + more)
}

/** Sum over sizes of what was added up divided by the size; from the smallest size up, so that the float is one. */
function sumOver(sums: ReadonlyMap<number, bigint>): number {
  return [...sums]
    .toSorted(([x], [y]) => x - y)
    .reduce((all, [size, squares]) => (size === 0 ? all : all + Number(squares) / size), 0)
}

function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 1 : Number(part) / Number(whole)
}

function mean(total: number, count: number): number {
  return count === 0 ? 1 : total / count
}

/** The weighted harmonic mean: with beta 0.5 precision weighs twice as much as recall. */
function fScore(precision: number, recall: number, beta: number): number {
  const weight = beta * beta
  const below = weight * precision + recall
  return below === 0 ? 0 : ((1 + weight) * precision * recall) / below
}
