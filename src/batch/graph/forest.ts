// Sets that grow together over whole numbers: one array, no objects, millions of unions a second.
// Invariant: the smallest number of a set stands for it, so the result does not depend on the order of unions.

export class Forest {
  readonly #up: Int32Array

  /** `of`: how many numbers, each alone; or over each number another one of its set, itself or a smaller one. */
  constructor(of: number | Int32Array) {
    if (typeof of === 'number') {
      this.#up = new Int32Array(of)
      for (let i = 0; i < of; i++) this.#up[i] = i
    } else this.#up = of
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
    const up = this.#up
    // What is over a number is no larger, so its root is known by then.
    for (let i = 0; i < up.length; i++) up[i] = up[up[i] ?? i] ?? i
    return up.slice()
  }
}
