// Randomness from names: every draw is a function of (seed, what it is for, whom it is for).
// Nothing is kept between draws but the 16 bytes of the stream in use, so worlds of any size repeat.

const UNIT = 2 ** -32

/** What a draw is for. A number is never reused: that would make two traits move together. */
export const TAG = {
  householdSize: 1,
  place: 2,
  occupation: 3,
  workplace: 4,
  activity: 5,
  deviceCount: 6,
  deviceKind: 7,
  deviceModel: 8,
  deviceBrowser: 9,
  deviceUse: 10,
  deviceClock: 11,
  clearing: 12,
  privateMode: 13,
  site: 14,
  firstName: 15,
  lastName: 16,
  mailProvider: 17,
  mailbox: 18,
  habit: 19,
  signsInHere: 20,
  member: 21,
  locale: 22,
  lease: 23,
  network: 24,
  app: 25,
  visits: 26,
  visit: 27,
  cookie: 28,
  privateCookie: 29,
  sharedTablet: 30,
  sharedMail: 31,
  landline: 32,
  abandonsPhone: 33,
  takesPhone: 34,
  identical: 35,
  terminal: 36,
  till: 37,
  bot: 38,
  botCookie: 39,
  install: 41,
  gpu: 42,
  phoneKnown: 43,
  impostor: 44,
  impostorFollows: 45,
  impostorVisit: 46,
  farm: 47,
  farmAccount: 48,
  farmCookie: 49,
  farmProxy: 50,
} as const

/** One round of a 32-bit hash; for a fixed `h` it is a bijection of `v`, and the other way round. */
export function mix(h: number, v: number): number {
  let x = Math.imul(h ^ v, 0x9e3779b1)
  x ^= x >>> 15
  x = Math.imul((x + 0x7f4a7c15) | 0, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return x ^ (x >>> 16)
}

/** The 32-bit root of a world from its seed, a safe integer. */
export function rootOf(seed: number): number {
  return mix(mix(0x5e1f5a3e, seed | 0), Math.floor(seed / 2 ** 32) | 0)
}

/** A 32-bit unsigned number that depends on all of its arguments. */
export function hash(root: number, tag: number, a: number, b = 0): number {
  return mix(mix(mix(root, tag), a), b) >>> 0
}

/** A number in [0, 1) that depends on all of its arguments. */
export function unit(root: number, tag: number, a: number, b = 0): number {
  return hash(root, tag, a, b) * UNIT
}

// Four independent hashes make 128 bits: one would collide within a hundred thousand cookies.
const LANES = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const
const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, '0'),
)

function hex(word: number, shift: number): string {
  return HEX[(word >>> shift) & 255] ?? ''
}

/** Four 32-bit words as a version 4 UUID. */
function uuid(w0: number, w1: number, w2: number, w3: number): string {
  const version = (w1 & 0xffff0fff) | 0x4000
  const variant = (w2 & 0x3fffffff) | 0x80000000
  return (
    hex(w0, 24) + hex(w0, 16) + hex(w0, 8) + hex(w0, 0) + '-' +
    hex(version, 24) + hex(version, 16) + '-' + hex(version, 8) + hex(version, 0) + '-' +
    hex(variant, 24) + hex(variant, 16) + '-' + hex(variant, 8) + hex(variant, 0) +
    hex(w3, 24) + hex(w3, 16) + hex(w3, 8) + hex(w3, 0)
  ) // prettier-ignore
}

/** The UUID that belongs to (tag, a, b) in this world. */
export function uuidOf(root: number, tag: number, a: number, b: number): string {
  return uuid(
    hash(root ^ LANES[0], tag, a, b),
    hash(root ^ LANES[1], tag, a, b),
    hash(root ^ LANES[2], tag, a, b),
    hash(root ^ LANES[3], tag, a, b),
  )
}

/** A stream of draws (xoshiro128**), started anew for each visit from what names the visit. */
export class Dice {
  private s0 = 1
  private s1 = 2
  private s2 = 3
  private s3 = 4

  /** Begins the stream named (tag, a, b). */
  start(root: number, tag: number, a: number, b: number): void {
    this.s0 = hash(root ^ LANES[0], tag, a, b) | 0
    this.s1 = hash(root ^ LANES[1], tag, a, b) | 0
    this.s2 = hash(root ^ LANES[2], tag, a, b) | 0
    this.s3 = hash(root ^ LANES[3], tag, a, b) | 1
  }

  /** 32 bits. */
  word(): number {
    const s1 = this.s1
    const five = Math.imul(s1, 5)
    const result = Math.imul((five << 7) | (five >>> 25), 9)
    this.s2 ^= this.s0
    this.s3 ^= s1
    this.s1 ^= this.s2
    this.s0 ^= this.s3
    this.s2 ^= s1 << 9
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21)
    return result >>> 0
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.word() * UNIT
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound)
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return at(list, this.below(list.length))
  }

  /** An exponential waiting time with this mean, at most ten means. */
  wait(mean: number): number {
    return Math.min(10, -Math.log(1 - this.unit())) * mean
  }

  /** A fresh UUID. */
  uuid(): string {
    return uuid(this.word(), this.word(), this.word(), this.word())
  }
}

/** The element at an index that the caller knows to exist. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new RangeError(`no element ${index} in a list of ${list.length}`)
  return value
}

/** Running sums of weights, scaled so that the last one is 1. */
export function cumulate(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  return weights.map((weight) => (sum += weight) / total)
}

/** Running sums of the weights 1/rank^exponent. */
export function cumulateZipf(length: number, exponent: number): readonly number[] {
  return cumulate(Array.from({ length }, (_, i) => (i + 1) ** -exponent))
}

/** The index whose share of the running sums holds `u` in [0, 1). */
export function choose(cumulative: readonly number[], u: number): number {
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (u < at(cumulative, middle)) high = middle
    else low = middle + 1
  }
  return low
}
