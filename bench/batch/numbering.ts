// Strings into whole numbers by their hashes, on arrays: a string goes by the first of its places. What has one hash lies in
// one partition, and a partition is small enough for its table to stay in the processor's cache.

/** Words of a record: three of the hash, and what it is the hash of. */
const WORDS = 4
/** Hashes in a partition, on average; its table is twice as large. */
const PARTITION_HASHES = 1 << 14
const PARTITIONS_MAX = 1 << 10
/** Records of a partition that lie together. */
const BLOCK_RECORDS = 256
const BLOCK_WORDS = BLOCK_RECORDS * WORDS

/** A column of each of the three words of a hash; of 96 bits. */
export type Hashes = readonly [Int32Array, Int32Array, Int32Array]

export interface Firsts {
  /** By place: itself, or a place of the same hash that is smaller; by a few steps the first of all. */
  readonly over: Int32Array
  /** By place: 1 for the first of its hash. */
  readonly isFirst: Uint8Array
}

/**
 * Of ten million strings two share 96 bits once in 10^15 files: what has one hash is taken for one string. The hashes
 * must not be chosen by somebody who means harm.
 */
export class Numbering {
  readonly #total: number
  readonly #shift: number
  readonly #pool: Int32Array
  /** Of each partition: the word at which its next record goes. */
  readonly #next: Int32Array
  readonly #blocks: number[][]
  #used = 0

  /** `total`: how many hashes will be added. */
  constructor(total: number) {
    this.#total = total
    let bits = 1
    while (1 << bits < PARTITIONS_MAX && total >> bits > PARTITION_HASHES) bits++
    this.#shift = 32 - bits
    const partitions = 1 << bits
    this.#pool = new Int32Array(total * WORDS + partitions * BLOCK_WORDS)
    this.#next = new Int32Array(partitions)
    this.#blocks = Array.from({ length: partitions }, () => [])
  }

  /** Adds hashes; that of row `i` belongs to the place `2 * rows[i] + side`. */
  add([first, second, third]: Hashes, rows: Int32Array, side: 0 | 1): void {
    const pool = this.#pool
    for (let i = 0; i < rows.length; i++) {
      const word = first[i] ?? 0
      const at = this.#placeIn(word >>> this.#shift)
      pool[at] = word
      pool[at + 1] = second[i] ?? 0
      pool[at + 2] = third[i] ?? 0
      pool[at + 3] = 2 * (rows[i] ?? 0) + side
    }
  }

  /** To be called once, when all hashes have been added. */
  firsts(): Firsts {
    const over = new Int32Array(this.#total)
    const isFirst = new Uint8Array(this.#total)
    let table = new Int32Array(2 * PARTITION_HASHES)
    this.#blocks.forEach((blocks, partition) => {
      const slots = 2 ** Math.ceil(Math.log2(2 * BLOCK_RECORDS * Math.max(1, blocks.length)))
      if (table.length < slots) table = new Int32Array(slots)
      else table.fill(0, 0, slots)
      for (const start of blocks) {
        const isLast = start === blocks.at(-1)
        const end = isLast ? (this.#next[partition] ?? 0) : start + BLOCK_WORDS
        this.#findFirsts(start, end, table, slots - 1, { over, isFirst })
      }
    })
    return { over, isFirst }
  }

  #placeIn(partition: number): number {
    let at = this.#next[partition] ?? 0
    if (at % BLOCK_WORDS === 0) {
      at = this.#used
      this.#used += BLOCK_WORDS
      this.#blocks[partition]?.push(at)
    }
    this.#next[partition] = at + WORDS
    return at
  }

  /** `table` holds where the record of the first place of a hash begins, and one more, so that 0 is a free slot. */
  #findFirsts(
    start: number,
    end: number,
    table: Int32Array,
    mask: number,
    { over, isFirst }: Firsts,
  ): void {
    const pool = this.#pool
    for (let at = start; at < end; at += WORDS) {
      const [first, second, third] = [pool[at], pool[at + 1] ?? 0, pool[at + 2]]
      const place = pool[at + 3] ?? 0
      for (let slot = second & mask; ; slot = (slot + 1) & mask) {
        const known = (table[slot] ?? 0) - 1
        if (known < 0) {
          table[slot] = at + 1
          over[place] = place
          isFirst[place] = 1
          break
        }
        if (pool[known] !== first || pool[known + 1] !== second || pool[known + 2] !== third)
          continue
        const before = pool[known + 3] ?? 0
        if (before < place) {
          over[place] = before
          break
        }
        // Rows come in any order.
        over[place] = place
        over[before] = place
        isFirst[place] = 1
        isFirst[before] = 0
        pool[known + 3] = place
        break
      }
    }
  }
}
