// Evidence (−ln(1−c) in millionths) as a probability in millionths, from a table, so that margins compare as integers.

const STEP = 10_000
const TABLE: readonly number[] = Array.from({ length: 1_400 }, (_, i) =>
  Math.round((1 - Math.exp((-i * STEP) / 1_000_000)) * 1_000_000),
)

/** Probability in millionths, rounded down to the table's step of 0.01 nats. */
export function probabilityPpm(evidence: number): number {
  return TABLE[Math.min(Math.floor(evidence / STEP), TABLE.length - 1)] ?? 0
}
