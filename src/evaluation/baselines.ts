// What a shop does without a resolver: unite whatever was ever named together, and be done.
// Invariant: over the same facts and the same members as the resolver, so that their scores compare.

import type { Fact } from '../core/edge/fact.ts'
import type { Identifier, Key } from '../core/identifier/identifier.ts'
import { UnionFind } from './union-find.ts'

/** A key and the profile it was put into. */
export type Assignment = readonly [key: Key, profile: number]

/** Identifiers that can be told apart: two of their numbers fit one whole float. */
const NUMBERS_MAX = 2 ** 26

const NAMING: ReadonlySet<string> = new Set(['cookie', 'email', 'user'])
const WITNESSES: ReadonlySet<string> = new Set(['ip', 'device_signature'])

/** Says which identifiers stay alone: those known to be shared, or none. */
export type LeftOut = (key: Key) => boolean

/** Give it every fact, then ask for the assignments. */
export class Baselines {
  readonly #numbers = new Map<Key, number>()
  /** Members, by number: the others are witnesses. */
  readonly #keys: (Key | null)[] = []
  readonly #together = new UnionFind()
  /** Distinct pairs of cookies, e-mails and user ids, smaller · `NUMBERS_MAX` + larger; pairs with any other member. */
  readonly #onNames = new Set<number>()
  readonly #onOthers = new Set<number>()

  add(fact: Fact): void {
    const members: number[] = []
    const isNaming: boolean[] = []
    let first = -1
    for (const identifier of fact.identifiers) {
      const number = this.#numberOf(identifier)
      if (!WITNESSES.has(identifier.type)) {
        members.push(number)
        isNaming.push(NAMING.has(roleOf(identifier)))
      }
      if (first < 0) first = number
      else this.#together.unite(first, number)
    }
    for (let i = 1; i < members.length; i++) {
      for (let j = 0; j < i; j++) {
        const pairs = isNaming[i] === true && isNaming[j] === true ? this.#onNames : this.#onOthers
        const [x, y] = [members[i] ?? 0, members[j] ?? 0]
        pairs.add(Math.min(x, y) * NUMBERS_MAX + Math.max(x, y))
      }
    }
  }

  /** "Union on e-mail and user id": cookies, e-mails and user ids that one message named together. */
  onNames(isLeftOut: LeftOut = () => false): Generator<Assignment> {
    return this.#assignments(this.#unionOn([this.#onNames], isLeftOut))
  }

  /** "Union on every name": phones and other external ids as well. */
  onEveryName(isLeftOut: LeftOut = () => false): Generator<Assignment> {
    return this.#assignments(this.#unionOn([this.#onNames, this.#onOthers], isLeftOut))
  }

  /** "Union on everything": all that one message named, ip and signature too. */
  onEverything(): Generator<Assignment> {
    return this.#assignments(this.#together)
  }

  /** Distinct pairs of members that one message named together. */
  *pairs(): Generator<readonly [Key, Key]> {
    for (const [x, y] of numberPairs([this.#onNames, this.#onOthers])) {
      const [a, b] = [this.#keys[x], this.#keys[y]]
      if (typeof a === 'string' && typeof b === 'string') yield [a, b]
    }
  }

  #unionOn(pairs: readonly ReadonlySet<number>[], isLeftOut: LeftOut): UnionFind {
    const leftOut = this.#keys.map((key) => key !== null && isLeftOut(key))
    const union = new UnionFind()
    this.#keys.forEach(() => union.add())
    for (const [a, b] of numberPairs(pairs)) {
      if (leftOut[a] !== true && leftOut[b] !== true) union.unite(a, b)
    }
    return union
  }

  *#assignments(union: UnionFind): Generator<Assignment> {
    for (const [number, key] of this.#keys.entries()) {
      if (key !== null) yield [key, union.find(number)]
    }
  }

  #numberOf({ key, type }: Identifier): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#together.add()
    if (number >= NUMBERS_MAX) throw new RangeError(`more than ${NUMBERS_MAX} identifiers`)
    this.#numbers.set(key, number)
    this.#keys.push(WITNESSES.has(type) ? null : key)
    return number
  }
}

function* numberPairs(sets: readonly ReadonlySet<number>[]): Generator<readonly [number, number]> {
  for (const set of sets) {
    for (const pair of set) {
      const b = pair % NUMBERS_MAX
      yield [(pair - b) / NUMBERS_MAX, b]
    }
  }
}

/** The type, and for the user id of any site `user`. */
function roleOf({ type, namespace }: Identifier): string {
  if (type !== 'external_id') return type
  return namespace === 'user' || namespace.startsWith('user@') ? 'user' : type
}
