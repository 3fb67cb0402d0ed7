// The profile station: a bounded neighbourhood and new facts -> its partition, and the changes to get there.

export { absorb, absorbCrowds, type Loaded } from './absorb.ts'
export { applyDecree, type DatedDecree, type Decree, identifiersOf } from './apply-decree.ts'
export { applyFact } from './apply-fact.ts'
export type { Ids } from './decision.ts'
export { mintWith } from './profile-id.ts'
export type * from './records.ts'
export { joinsByWitness, type Needs, settle } from './settle.ts'
export { nothingTouched, type Touched } from './touched.ts'
export { takeUnstored, type Unstored } from './unstored.ts'
export { View } from './view.ts'
