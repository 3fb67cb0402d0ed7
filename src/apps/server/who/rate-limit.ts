// How much one key may do: an allowance that fills up again at a steady rate.

/** An unused allowance grows to this many seconds' worth. */
const BURST_SECONDS = 10
/** Keys remembered; past it those with a full allowance are forgotten, which changes nothing. */
const KEYS_MAX = 10_000

interface Allowance {
  readonly left: number
  /** Ms since the epoch. */
  readonly at: number
}

export class RateLimit {
  readonly #perSecond: number
  readonly #keys = new Map<string, Allowance>()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /**
   * Takes so many of a key's allowance. While there is any, as many as asked are taken, on credit if need be; the
   * answer is 0 then, else the seconds (1 or more) after which there is some again.
   */
  take(key: string, count: number, now: number): number {
    const left = this.#leftOf(key, now)
    if (left <= 0) return Math.max(1, Math.ceil(-left / this.#perSecond))
    this.#keys.set(key, { left: left - count, at: now })
    if (this.#keys.size > KEYS_MAX) this.#forgetFull(now)
    return 0
  }

  #leftOf(key: string, now: number): number {
    const full = this.#perSecond * BURST_SECONDS
    const known = this.#keys.get(key)
    if (known === undefined) return full
    const seconds = Math.max(0, now - known.at) / 1_000
    return Math.min(full, known.left + seconds * this.#perSecond)
  }

  #forgetFull(now: number): void {
    const full = this.#perSecond * BURST_SECONDS
    for (const key of this.#keys.keys()) {
      if (this.#leftOf(key, now) >= full) this.#keys.delete(key)
    }
  }
}
