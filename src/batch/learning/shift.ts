// How much more seldom two are one person among all candidates than among those with an answer, and what probabilities
// become then. Source: Saerens, Latinne & Decaestecker, Neural Computation 14 (2002), adjusting to new priors by EM.

const ROUNDS_MAX = 200
const SETTLED = 1e-7

/** `probabilities`: of unanswered pairs, as a model says that was fitted where a share of `prior` is one person. */
export function shiftedPrior(probabilities: Float64Array, prior: number): number {
  let shifted = prior
  for (let round = 0; round < ROUNDS_MAX && probabilities.length > 0; round++) {
    let sum = 0
    for (const p of probabilities) {
      const one = (p * shifted) / prior
      const two = ((1 - p) * (1 - shifted)) / (1 - prior)
      sum += one / (one + two)
    }
    const next = Math.min(Math.max(sum / probabilities.length, 1e-6), 1 - 1e-6)
    if (Math.abs(next - shifted) < SETTLED) return next
    shifted = next
  }
  return shifted
}

export function logOdds(p: number): number {
  return Math.log(p / (1 - p))
}

export function probability(score: number): number {
  return 1 / (1 + Math.exp(-score))
}
