// Who is looking at which question, so that two stewards never decide the same one unawares. In memory: a claim is a
// courtesy of minutes, what was decided is in the log.

export interface Claim {
  readonly by: string
  /** ms */
  readonly until: number
}

/** A steward who has gone to lunch keeps nobody waiting longer. */
export const CLAIM_MS = 3 * 60_000

export class Claims {
  readonly #claims = new Map<string, Claim>()

  /** Whoever has it now. */
  of(question: string, now: number): Claim | null {
    const claim = this.#claims.get(question)
    if (claim === undefined) return null
    if (claim.until > now) return claim
    this.#claims.delete(question)
    return null
  }

  /** The claim of `by`, new or prolonged; that of another one who has it. */
  take(question: string, by: string, now: number): Claim {
    const known = this.of(question, now)
    if (known !== null && known.by !== by) return known
    const claim = { by, until: now + CLAIM_MS }
    this.#claims.set(question, claim)
    return claim
  }

  letGo(question: string, by: string): void {
    if (this.#claims.get(question)?.by === by) this.#claims.delete(question)
  }
}
