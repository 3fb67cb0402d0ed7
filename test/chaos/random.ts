// Random numbers from a seed (mulberry32): a failing series can be played again, up to the timing of the machine.

export interface Dice {
  /** From `from` to `to`, both included, whole. */
  whole(from: number, to: number): number
  pick<T>(choices: readonly T[]): T
}

/** The seed of this run: SELFSAME_SEED, else another one each time. */
export const SEED = Number(process.env['SELFSAME_SEED'] ?? Date.now() % 1_000_000)

export function diceOf(seed: number): Dice {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return { whole, pick: (choices) => choices[whole(0, choices.length - 1)]! }
}
