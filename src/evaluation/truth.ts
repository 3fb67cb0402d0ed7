// The truth as it is scored against: whose each key is. A key of several people is shared: it is left out of the pairs.
// Invariant: a row given twice counts once, and the order of rows does not matter.

/** In place of a person: several people's. */
export const SHARED = -1

/** Keys (of identifiers or events, as the caller makes them) and their people, each numbered from 0. */
export class Truth {
  readonly #people = new Map<string, number>()
  readonly #keys = new Map<string, number>()
  readonly #owners: number[] = []
  #shared = 0

  /** A row of the truth. */
  add(key: string, person: string): void {
    const owner = this.#numberOf(person)
    const known = this.#keys.get(key)
    if (known === undefined) {
      this.#keys.set(key, this.#owners.push(owner) - 1)
      return
    }
    if (this.#owners[known] === owner || this.#owners[known] === SHARED) return
    this.#owners[known] = SHARED
    this.#shared++
  }

  /** Keys of one person. */
  get scored(): number {
    return this.#owners.length - this.#shared
  }

  /** Keys of several people. */
  get shared(): number {
    return this.#shared
  }

  /** The number of a key; undefined when the truth does not know it. */
  indexOf(key: string): number | undefined {
    return this.#keys.get(key)
  }

  isShared(key: string): boolean {
    const index = this.#keys.get(key)
    return index !== undefined && this.#owners[index] === SHARED
  }

  /** For each key by number: the number of its person, or `SHARED`. */
  get owners(): readonly number[] {
    return this.#owners
  }

  /** How many people there are, with or without a key of their own. */
  get people(): number {
    return this.#people.size
  }

  #numberOf(person: string): number {
    let number = this.#people.get(person)
    if (number === undefined) this.#people.set(person, (number = this.#people.size))
    return number
  }
}
