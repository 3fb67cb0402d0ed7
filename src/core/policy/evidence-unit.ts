// The unit of evidence: −ln(1 − confidence) in millionths, so that noisy-or is a sum of integers.
// Invariant: evidence is a whole number from 0 to EVIDENCE_MAX; floats are for people only.

/** Evidence of a confidence of 0.999999 and above: nothing weighs more. */
export const EVIDENCE_MAX = 13_815_511

/**
 * Evidence of a confidence.
 * @throws {RangeError} when the confidence is not within 0..1
 */
export function evidenceOf(confidence: number): number {
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new RangeError(`a confidence lies within 0 and 1, not ${confidence}`)
  }
  if (confidence === 1) return EVIDENCE_MAX
  // + 0 turns the −0 of a confidence of 0 into 0
  return Math.min(Math.round(-Math.log1p(-confidence) * 1_000_000) + 0, EVIDENCE_MAX)
}

/** Places of a confidence that people read, and the most it is shown as: nothing is certain. The batch has the same. */
export const CONFIDENCE_PLACES = 4
export const CONFIDENCE_MAX = 0.9999

/** The confidence that evidence stands for, 0 to 0.9999 in four places. For display; nothing is decided by it. */
export function confidenceOf(evidence: number): number {
  const scale = 10 ** CONFIDENCE_PLACES
  return Math.min(Math.round(-Math.expm1(-evidence / 1_000_000) * scale) / scale, CONFIDENCE_MAX)
}

/** The same as `96 %`; rounded down, so that what falls short of something never reads as if it did not. */
export function percentText(evidence: number): string {
  return `${Math.floor(Math.round(confidenceOf(evidence) * 10_000) / 100)} %`
}
