// The order in which stewards are asked what a model is unsure of: worth, spread over kinds of doubt, so that the answers
// teach most. Invariant: equal input, equal order; nobody is left out but past the limit.

/** A question that could be asked. */
export interface Askable {
  /** By itself. */
  readonly worth: number
  /** What it is about most: answers to questions of one kind teach the same thing. */
  readonly kind: number
  /** The two profiles that it asks about. */
  readonly sides: readonly [number, number]
}

/** After so many of its kind a question is worth half of what it is by itself. */
export const HALF_AFTER = 8

/** After so many about one of its profiles a question is worth half: the next run may see that profile otherwise. */
const HALF_AFTER_SIDES = 2

/**
 * The questions worth most first, at most `max`, each with what it is worth at its place. What it is worth by itself
 * (`worthOf`) stands for what the answer mends; but an answer teaches too, the model of the next run, and the hundredth
 * about an alike device teaches nothing that the first ten did not: what is still unknown of a weight falls as one by the
 * number of answers. So the n-th of a kind is worth `HALF_AFTER / (HALF_AFTER + n)` of it, n from 0, counted in the order
 * of worth. And the n-th about one of its two profiles in the same way, since the first answers change what the others are
 * about: they may join it with others, or show what holds it together. Ties stand in the order they came in.
 */
export function mostWorthFirst<One extends Askable>(
  questions: readonly One[],
  max: number,
): readonly One[] {
  const ofKind = new Map<number, number>()
  const about = new Map<number, number>()
  const spread = questions.toSorted(byWorth).map((one) => {
    const [x, y] = one.sides.map((side) => countOne(about, side))
    const taught = HALF_AFTER / (HALF_AFTER + countOne(ofKind, one.kind))
    const open = HALF_AFTER_SIDES / (HALF_AFTER_SIDES + Math.max(x ?? 0, y ?? 0))
    return { ...one, worth: Math.max(1, Math.floor(one.worth * taught * open)) }
  })
  return spread.toSorted(byWorth).slice(0, max)
}

/** How many there were before. */
function countOne(of: Map<number, number>, name: number): number {
  const before = of.get(name) ?? 0
  of.set(name, before + 1)
  return before
}

function byWorth(x: Askable, y: Askable): number {
  return y.worth - x.worth
}
