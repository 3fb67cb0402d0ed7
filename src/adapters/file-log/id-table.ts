// 128 bits of the SHA-256 of each id of a text segment, in the order of arrival, behind an open-addressing index.
// Invariant: the table can be cut back to any earlier length, so what was never durable can be forgotten again.

import { hash } from 'node:crypto'

/** Words of 32 bits an entry. */
export const ENTRY_WORDS = 4
export const ENTRY_BYTES = 16

/** One entry: four words. A caller keeps one and has it filled again and again. */
export type IdHash = Uint32Array

const SLOTS_MIN = 1 << 12

/**
 * Fills `into` with the hash of an id. Ids are unique within their kind: a message cannot keep a decision with the same
 * id out of the log.
 */
export function hashId(kind: 'message' | 'decision', id: string, into: IdHash): void {
  const digest = hash('sha256', kind === 'message' ? `m${id}` : `d${id}`, 'binary')
  for (let word = 0; word < ENTRY_WORDS; word++) {
    const at = word * 4
    into[word] =
      digest.charCodeAt(at) |
      (digest.charCodeAt(at + 1) << 8) |
      (digest.charCodeAt(at + 2) << 16) |
      (digest.charCodeAt(at + 3) << 24)
  }
}

/** A growing set of id hashes. */
export class IdTable {
  /** Entries in the order of arrival, `count` of them. */
  #entries = new Uint32Array((SLOTS_MIN / 2) * ENTRY_WORDS)
  /** Index of an entry plus one; 0 is a free slot. At most half of them are taken. */
  #slots = new Uint32Array(SLOTS_MIN)
  #count = 0

  get count(): number {
    return this.#count
  }

  has(id: IdHash): boolean {
    return this.#slots[this.#slotOf(id, 0)] !== 0
  }

  /** Adds an entry; false if it was there. */
  add(id: IdHash): boolean {
    const slot = this.#slotOf(id, 0)
    if (this.#slots[slot] !== 0) return false
    if (this.#count * 2 === this.#slots.length) {
      this.#grow()
      return this.add(id)
    }
    this.#entries.set(id, this.#count * ENTRY_WORDS)
    this.#count += 1
    this.#slots[slot] = this.#count
    return true
  }

  /** Forgets all entries but the first `count`. */
  truncate(count: number): void {
    if (count >= this.#count) return
    this.#count = count
    this.#reindex(this.#slots.length)
  }

  /** The entries, `ENTRY_WORDS` each; a view that the next `add` may leave behind. */
  entries(): Uint32Array {
    return this.#entries.subarray(0, this.#count * ENTRY_WORDS)
  }

  #grow(): void {
    const entries = new Uint32Array(this.#entries.length * 2)
    entries.set(this.#entries)
    this.#entries = entries
    this.#reindex(this.#slots.length * 2)
  }

  #reindex(slots: number): void {
    this.#slots = new Uint32Array(slots)
    for (let index = 0; index < this.#count; index++) {
      this.#slots[this.#slotOf(this.#entries, index * ENTRY_WORDS)] = index + 1
    }
  }

  /** The slot of the entry that starts at `from` of `words`, or the free one where it belongs. */
  #slotOf(words: Uint32Array, from: number): number {
    const entries = this.#entries
    const mask = this.#slots.length - 1
    let slot = (words[from] ?? 0) & mask
    for (;;) {
      const index = this.#slots[slot] ?? 0
      if (index === 0) return slot
      const at = (index - 1) * ENTRY_WORDS
      if (
        entries[at] === words[from] &&
        entries[at + 1] === words[from + 1] &&
        entries[at + 2] === words[from + 2] &&
        entries[at + 3] === words[from + 3]
      ) {
        return slot
      }
      slot = (slot + 1) & mask
    }
  }
}

/** Whether the entry at `a` of `left` comes before the one at `b` of `right`. */
export function isBefore(left: Uint32Array, a: number, right: Uint32Array, b: number): boolean {
  for (let word = 0; word < ENTRY_WORDS; word++) {
    const x = left[a + word] ?? 0
    const y = right[b + word] ?? 0
    if (x !== y) return x < y
  }
  return false
}

/**
 * The entries in ascending order, as a copy. Hashes are spread evenly, so each is dealt to about where it belongs by its
 * first bits, and few then have to move: linear time.
 */
export function sortEntries(entries: Uint32Array): Uint32Array {
  const bits = Math.min(20, Math.max(1, Math.ceil(Math.log2(entries.length / ENTRY_WORDS + 1))))
  const shift = 32 - bits
  /** Where the next entry of each bucket goes, in words. */
  const places = new Uint32Array((1 << bits) + 1)
  for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
    const bucket = ((entries[at] ?? 0) >>> shift) + 1
    places[bucket] = (places[bucket] ?? 0) + ENTRY_WORDS
  }
  for (let bucket = 1; bucket < places.length; bucket++) {
    places[bucket] = (places[bucket] ?? 0) + (places[bucket - 1] ?? 0)
  }
  const sorted = new Uint32Array(entries.length)
  for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
    const bucket = (entries[at] ?? 0) >>> shift
    const place = places[bucket] ?? 0
    places[bucket] = place + ENTRY_WORDS
    copyEntry(entries, at, sorted, place)
  }
  const held = new Uint32Array(ENTRY_WORDS)
  for (let at = ENTRY_WORDS; at < sorted.length; at += ENTRY_WORDS) {
    if (!isBefore(sorted, at, sorted, at - ENTRY_WORDS)) continue
    copyEntry(sorted, at, held, 0)
    let to = at
    for (; to > 0 && isBefore(held, 0, sorted, to - ENTRY_WORDS); to -= ENTRY_WORDS) {
      copyEntry(sorted, to - ENTRY_WORDS, sorted, to)
    }
    copyEntry(held, 0, sorted, to)
  }
  return sorted
}

/** Copies the entry at word `at` of `from` to word `to` of `into`. */
export function copyEntry(from: Uint32Array, at: number, into: Uint32Array, to: number): void {
  into[to] = from[at] ?? 0
  into[to + 1] = from[at + 1] ?? 0
  into[to + 2] = from[at + 2] ?? 0
  into[to + 3] = from[at + 3] ?? 0
}
