// The order in which stewards are asked what a model is unsure of: worth, spread over kinds of doubt, so that the answers
// teach most. Invariant: equal input, equal order; nobody is left out but past the limit.

/** A question that could be asked. */
export interface Askable {
  /** By itself. */
  readonly worth: number
  /** What it is about most: answers to questions of one kind teach the same thing. */
  readonly kind: number
}

/** After so many of its kind a question is worth half of what it is by itself. */
export const HALF_AFTER = 8

/**
 * The questions worth most first, at most `max`, each with what it is worth at its place. What it is worth by itself
 * (`worthOf`) stands for what the answer mends; but an answer teaches too, the model of the next run, and the hundredth
 * about an alike device teaches nothing that the first ten did not: what is still unknown of a weight falls as one by the
 * number of answers. So the n-th of a kind is worth `HALF_AFTER / (HALF_AFTER + n)` of it, n from 0, counted in the order
 * of worth; which is what picking the best again and again, each by what has been picked before, comes to. Ties stand in
 * the order they came in.
 */
export function mostWorthFirst<One extends Askable>(
  questions: readonly One[],
  max: number,
): readonly One[] {
  const before = new Map<number, number>()
  const spread = questions.toSorted(byWorth).map((one) => {
    const n = before.get(one.kind) ?? 0
    before.set(one.kind, n + 1)
    return { ...one, worth: Math.max(1, Math.floor((one.worth * HALF_AFTER) / (HALF_AFTER + n))) }
  })
  return spread.toSorted(byWorth).slice(0, max)
}

function byWorth(x: Askable, y: Askable): number {
  return y.worth - x.worth
}
