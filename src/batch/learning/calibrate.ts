// Held-out scores as probabilities: one factor and one summand, so that what is said to be 0.9 comes true nine times of
// ten among those with an answer. Source: Platt (1999), by Newton's steps.

import { probability } from './shift.ts'

export interface Calibration {
  readonly factor: number
  readonly summand: number
  /** How uncertain both are: their variances and how they vary together. */
  readonly spread: { readonly factor: number; readonly summand: number; readonly both: number }
}

const ROUNDS = 30

/** Scores in natural log-odds, labels 0 and 1, weights. */
export function calibrate(
  scores: Float64Array,
  labels: Uint8Array,
  weights: Float64Array,
): Calibration {
  let [factor, summand] = [1, 0]
  let spread = { factor: 0, summand: 0, both: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    let [slopeF, slopeS, ff, fs, ss] = [1e-3 * (1 - factor), 0, 1e-3, 0, 1e-6]
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i] ?? 0
      const weight = weights[i] ?? 0
      const p = probability(factor * score + summand)
      const error = weight * ((labels[i] ?? 0) - p)
      const curve = weight * p * (1 - p)
      slopeF += error * score
      slopeS += error
      ff += curve * score * score
      fs += curve * score
      ss += curve
    }
    const determinant = ff * ss - fs * fs
    if (Math.abs(determinant) < 1e-12) break
    // The inverse of the information, as usual for maximum likelihood.
    spread = { factor: ss / determinant, summand: ff / determinant, both: -fs / determinant }
    factor += (ss * slopeF - fs * slopeS) / determinant
    summand += (ff * slopeS - fs * slopeF) / determinant
  }
  // More confident than the weights themselves it is never made.
  return Number.isFinite(factor) && factor > 0
    ? { factor: Math.min(factor, 1), summand, spread }
    : { factor: 1, summand: 0, spread }
}
