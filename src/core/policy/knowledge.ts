// What a look at everything has taught: how common each witness is, and how much each sign that two cookies are one
// person's weighs. Published by a run; decisions are made under it as they are under the settings.
// Invariant: whole numbers only, so every engine scores alike.

/** Weights are thousandths of a natural log-odd. */
export interface Model {
  /** What two cookies have before anything is known of them. */
  readonly bias: number
  /** By signal, by bin. */
  readonly weights: readonly Int32Array[]
  /** By pair term, by bin of its first signal times bins of its second plus bin of the second. */
  readonly pairWeights: readonly Int32Array[]
  /** The least score at which two groups are joined. */
  readonly joinFrom: number
}

/**
 * Witnesses that at least two cookies were seen with, a row each, ascending by number of their key. Whatever is in no row
 * was seen with one cookie at most.
 */
export interface KnownWitnesses {
  readonly number: BigInt64Array
  /** Cookies ever seen with it. */
  readonly cookies: Uint32Array
  /** Addresses: different signatures of these cookies. */
  readonly devices: Uint32Array
  /** Whose an address looks like by its traffic, or whether a signature tells devices apart; a code. */
  readonly shape: Uint8Array
  /** Cookies in all. */
  readonly cookiesInAll: number
  /** Clues that many cookies told, ascending, and how many did. */
  readonly clue: Uint32Array
  readonly clueCookies: Uint32Array
}

/** What is looked up of witnesses by their row, and of clues. */
export interface Rarities {
  /** Quarter bits. */
  readonly rarity: Uint8Array
  readonly cookies: Uint32Array
  readonly devices: Uint32Array
  readonly shape: Uint8Array
  /** Of a clue, quarter bits. */
  readonly clueRarity: (clue: number) => number
}

export interface Knowledge {
  /** Stands in every reason. */
  readonly version: string
  readonly model: Model
  readonly witnesses: KnownWitnesses
  /** New logins have contradicted it too often: what it has joined stays, and it joins nobody else. */
  readonly stopped: boolean
}

/** A policy whose model joins nobody else. */
export function stopped<P extends { readonly knowledge: Knowledge | null }>(policy: P): P {
  const { knowledge } = policy
  return knowledge === null ? policy : { ...policy, knowledge: { ...knowledge, stopped: true } }
}
