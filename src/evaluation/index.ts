// How right are the profiles: truth read and kept, an assignment scored, baselines beside it, a bound over worlds.

export { TruthReader } from './truth-reader.ts'
export type { TruthKind, TruthProblem, TruthRow } from './truth-reader.ts'
export { Truth } from './truth.ts'
export { Scorer } from './scorer.ts'
export type { Score } from './scorer.ts'
export { Baselines } from './baselines.ts'
export type { Assignment } from './baselines.ts'
export { boundOf } from './bound.ts'
export type { Bound } from './bound.ts'
export { averagePrecision, calibration, precisionRecall, thinned } from './pair-scores.ts'
export type { CalibrationBin, CurvePoint, ScoredTruth } from './pair-scores.ts'
