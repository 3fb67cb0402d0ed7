// Sets that grow together, over numbers from 0 on.

const NUMBERS_AT_FIRST = 1_024

export class UnionFind {
  #parents = new Int32Array(NUMBERS_AT_FIRST)
  #count = 0

  /** A new number, alone in its set. */
  add(): number {
    if (this.#count === this.#parents.length) {
      const larger = new Int32Array(this.#count * 2)
      larger.set(this.#parents)
      this.#parents = larger
    }
    this.#parents[this.#count] = this.#count
    return this.#count++
  }

  /** The number that stands for the set of this one. */
  find(number: number): number {
    const parents = this.#parents
    let at = number
    for (let up = parents[at] ?? at; up !== at; up = parents[at] ?? at) {
      // each step skips one: short paths without a second walk
      parents[at] = parents[up] ?? up
      at = up
    }
    return at
  }

  /** One set of two; the smaller of what stood for them stands for it. */
  unite(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)]
    if (x < y) this.#parents[y] = x
    else this.#parents[x] = y
  }
}
