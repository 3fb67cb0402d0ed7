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

/** Give it every fact, then ask for the assignments. */
export class Baselines {
  readonly #numbers = new Map<Key, number>()
  /** Members, by number: the others are witnesses. */
  readonly #keys: (Key | null)[] = []
  readonly #together = new UnionFind()
  /** Distinct pairs named together, smaller · `NUMBERS_MAX` + larger. */
  readonly #named = new Set<number>()

  add(fact: Fact): void {
    const named: number[] = []
    let first = -1
    let names = false
    for (const identifier of fact.identifiers) {
      const number = this.#numberOf(identifier)
      const role = roleOf(identifier)
      if (NAMING.has(role)) named.push(number)
      names ||= role === 'email' || role === 'user'
      if (first < 0) first = number
      else this.#together.unite(first, number)
    }
    if (!names) return
    for (let i = 1; i < named.length; i++) {
      for (let j = 0; j < i; j++) this.#pair(named[j] ?? 0, named[i] ?? 0)
    }
  }

  /**
   * "Union on e-mail and user id": cookies, e-mails and user ids that one message named together. Identifiers that
   * `isLeftOut` says (those known to be shared) stay alone.
   */
  *onNames(isLeftOut: (key: Key) => boolean = () => false): Generator<Assignment> {
    const leftOut = this.#keys.map((key) => key !== null && isLeftOut(key))
    const union = new UnionFind()
    this.#keys.forEach(() => union.add())
    for (const [a, b] of this.pairs()) {
      if (leftOut[a] !== true && leftOut[b] !== true) union.unite(a, b)
    }
    yield* this.#assignments(union)
  }

  /** "Union on everything": all that one message named, ip and signature too. */
  *onEverything(): Generator<Assignment> {
    yield* this.#assignments(this.#together)
  }

  /** Distinct pairs of numbers that one message with an e-mail or user id named together. */
  *pairs(): Generator<readonly [number, number]> {
    for (const pair of this.#named) {
      const b = pair % NUMBERS_MAX
      yield [(pair - b) / NUMBERS_MAX, b]
    }
  }

  /** The member of a number; null for a witness. */
  keyOf(number: number): Key | null {
    return this.#keys[number] ?? null
  }

  *#assignments(union: UnionFind): Generator<Assignment> {
    for (const [number, key] of this.#keys.entries()) {
      if (key !== null) yield [key, union.find(number)]
    }
  }

  #pair(x: number, y: number): void {
    if (x === y) return
    this.#named.add(Math.min(x, y) * NUMBERS_MAX + Math.max(x, y))
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

/** The type, and for the user id of any site `user`. */
function roleOf({ type, namespace }: Identifier): string {
  if (type !== 'external_id') return type
  return namespace === 'user' || namespace.startsWith('user@') ? 'user' : type
}
