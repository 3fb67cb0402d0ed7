// Sets that grow together over whole numbers: one array, no objects, millions of unions a second.
// Invariant: the smallest number of a set stands for it, so the result does not depend on the order of unions.

export class Forest {
  readonly #up: Int32Array

  constructor(count: number) {
    this.#up = new Int32Array(count)
    for (let i = 0; i < count; i++) this.#up[i] = i
  }

  /** The number that stands for the set of this one. */
  find(number: number): number {
    const up = this.#up
    let at = number
    for (let next = up[at] ?? at; next !== at; next = up[at] ?? at) {
      // Each step skips one: short paths without a second walk.
      const over = up[next] ?? next
      up[at] = over
      at = over
    }
    return at
  }

  /** One set of two; the root of what they are now, or -1 when they were one already. */
  unite(a: number, b: number): number {
    const x = this.find(a)
    const y = this.find(b)
    if (x === y) return -1
    const [low, high] = x < y ? [x, y] : [y, x]
    this.#up[high] = low
    return low
  }

  /** One set of two, where nobody asks for its root: climbs from both only until they meet (Rem's way). */
  join(a: number, b: number): void {
    const up = this.#up
    let [x, y] = [a, b]
    let [overX, overY] = [up[x] ?? x, up[y] ?? y]
    while (overX !== overY) {
      if (overX < overY) {
        ;[x, y] = [y, x]
        ;[overX, overY] = [overY, overX]
      }
      // What is over x is the larger: it goes under what is over y.
      up[x] = overY
      if (x === overX) return
      x = overX
      overX = up[x] ?? x
    }
  }

  /** The root of every number. */
  roots(): Int32Array {
    for (let i = 0; i < this.#up.length; i++) this.#up[i] = this.find(i)
    return this.#up.slice()
  }
}
