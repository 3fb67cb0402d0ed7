// What an answer to a question is worth: the order in which stewards are asked.
// Invariant: whole numbers only, at least 1; equal evidence and sides, equal worth.

import { probabilityPpm } from '../evidence/probability.ts'

const MILLION = 1_000_000
/** p · (1 − p) of a probability in millionths is at most this. */
const UNSURE_MAX = (MILLION / 2) ** 2

/**
 * How unsure × how much an answer changes. How unsure is the variance of the answer, p · (1 − p), as a share of its most,
 * in millionths: a million where it is as likely as not, next to nothing where it is nearly known. How much it changes is
 * how many pairs of cookies a wrong guess would join or keep apart: cookies of the one profile times cookies of the other
 * (a side without a cookie counts as one). So a steward's minute goes where the tables would be wrong the most without it.
 */
export function worthOf(evidence: number, cookiesA: number, cookiesB: number): number {
  const p = probabilityPpm(evidence)
  const unsure = Math.max(1, Math.floor((p * (MILLION - p)) / (UNSURE_MAX / MILLION)))
  return unsure * Math.max(1, cookiesA) * Math.max(1, cookiesB)
}
