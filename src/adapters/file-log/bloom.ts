// A blocked Bloom filter: all bits of a member lie in one block of 64 bytes, so asking costs one cache line or one
// small read of its file. Invariant: never says "no" of a member; says "maybe" of about one stranger in 150.

import type { IdHash } from './id-table.ts'

const BLOCK_WORDS = 16
export const BLOCK_BYTES = BLOCK_WORDS * 4
const BLOCK_BITS = BLOCK_WORDS * 32
const BITS_A_MEMBER = 12
/** Three from each of the hash's last two words, 9 bits apiece. */
const PROBE_SHIFTS = [0, 9, 18] as const
const PROBE_MASK = BLOCK_BITS - 1

/** Words of a filter for `members` members, all zero. */
export function emptyBloom(members: number): Uint32Array {
  const blocks = Math.max(1, Math.ceil((members * BITS_A_MEMBER) / BLOCK_BITS))
  return new Uint32Array(blocks * BLOCK_WORDS)
}

/** Number of the block, of `blocks`, that holds the bits of a hash with this second word. */
export function blockOf(word: number, blocks: number): number {
  return Math.floor((word * blocks) / 0x1_0000_0000)
}

/** Adds the hash that starts at word `from` of `words`. */
export function addToBloom(bloom: Uint32Array, words: Uint32Array, from: number): void {
  const start = blockOf(words[from + 1] ?? 0, bloom.length / BLOCK_WORDS) * BLOCK_WORDS
  for (const shift of PROBE_SHIFTS) {
    for (let word = 2; word < 4; word++) {
      const bit = ((words[from + word] ?? 0) >>> shift) & PROBE_MASK
      const at = start + (bit >>> 5)
      bloom[at] = (bloom[at] ?? 0) | (1 << (bit & 31))
    }
  }
}

/** Whether `hash` may be a member, by the block that starts at word `start` of `words`. */
function inBlock(words: Uint32Array, start: number, hash: IdHash): boolean {
  for (const shift of PROBE_SHIFTS) {
    for (let word = 2; word < 4; word++) {
      const bit = ((hash[word] ?? 0) >>> shift) & PROBE_MASK
      if (((words[start + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return false
    }
  }
  return true
}

/** False: `hash` was never added. */
export function mayHave(bloom: Uint32Array, hash: IdHash): boolean {
  return inBlock(bloom, blockOf(hash[1] ?? 0, bloom.length / BLOCK_WORDS) * BLOCK_WORDS, hash)
}

/** As `mayHave`, when only the block `blockOf` named was read. */
export function blockMayHave(block: Uint32Array, hash: IdHash): boolean {
  return inBlock(block, 0, hash)
}
