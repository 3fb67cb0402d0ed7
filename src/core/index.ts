// The path of the data, in order: the table of contents of the core.
// A later station may import an earlier one, never the reverse (test/tidy/imports.ts).

// policy: the configuration, and what of it decides
export type { Digest } from './policy/digest.ts'
export { confidenceOf, EVIDENCE_MAX, evidenceOf } from './policy/evidence-unit.ts'
export { parseSettings, settingsJsonSchema } from './policy/settings.ts'
export type { ParsedSettings, Settings, SettingsProblem, Stack } from './policy/settings.ts'
export { embedded } from './policy/settings-stack.ts'
export {
  accountOfSite,
  accountsOf,
  settingsOfAccount,
  siteRuleOf,
} from './policy/account-settings.ts'
export { compilePolicy } from './policy/compile-policy.ts'
export type { Policy } from './policy/policy.ts'

// event: untrusted JSON -> Event, or a rejection with its reason
export { parseEvent, rejected } from './event/parse-event.ts'
export type { ParsedEvent, Rejection, RejectionReason } from './event/parse-event.ts'
export { isFromServer, withRequestContext } from './event/request-context.ts'
export type { Envelope, Event, EventType } from './event/event.ts'

// identifier: values of an event -> Identifier, or a refusal with its reason
export { createExtraction } from './identifier/extraction.ts'
export type { Extraction } from './identifier/extraction.ts'
export { redactContacts } from './identifier/redact-contacts.ts'
export { identifierText, parseIdentifierText } from './identifier/identifier-text.ts'
export type { ParsedIdentifier } from './identifier/identifier-text.ts'
export { ipPrefix } from './identifier/ip.ts'
export type { Identifier, IdentifierType, Key } from './identifier/identifier.ts'
export type { RefusalReason, Refused } from './identifier/made.ts'

// edge: Event -> Fact: the identifiers it names and the edges its act makes
export { factOf } from './edge/fact-of.ts'
export type { Extracted } from './edge/fact-of.ts'
export {
  CLUE_KINDS,
  CLUE_NAMES,
  codeOfClue,
  kindOfClue,
  mergeClues,
  nameOfClue,
  NO_CLUES,
} from './edge/clue.ts'
export type { ClueKind, Clues } from './edge/clue.ts'
export { EXTRACTION_VERSION } from './edge/fact.ts'
export type { Fact, FactEdge } from './edge/fact.ts'

// evidence: what sightings and edges are worth to a decision
export { aged } from './evidence/ageing.ts'
export { anchorsOf, damping } from './evidence/crowd.ts'
export { pairEvidence, pairEvidenceMax } from './evidence/pair.ts'

// profile: a bounded neighbourhood and new facts -> its partition, and the changes to get there
export { View } from './profile/view/view.ts'
export { absorb, absorbCrowds } from './profile/view/absorb.ts'
export type { Loaded } from './profile/view/absorb.ts'
export { applyFact } from './profile/apply-fact.ts'
export { applyDecree } from './profile/apply-decree.ts'
export type { DatedDecree, Decree } from './profile/apply-decree.ts'
export { nothingTouched } from './profile/view/touched.ts'
export type { Touched } from './profile/view/touched.ts'
export { joinsByWitness, settle } from './profile/settle.ts'
export type { Needs } from './profile/settle.ts'
export { takeUnstored } from './profile/view/unstored.ts'
export type { Unstored } from './profile/view/unstored.ts'
export { mintWith } from './profile/profile-id.ts'
export type { Ids } from './profile/decision.ts'
export { describeProfile } from './profile/explain/describe.ts'
export type { DescribedProfile } from './profile/explain/describe.ts'
export { describeGraph, GRAPH_NODES_MAX } from './profile/explain/describe-graph.ts'
export type { DescribedGraph } from './profile/explain/describe-graph.ts'
export { explain } from './profile/explain/explain.ts'
export type { Explanation } from './profile/explain/explain.ts'
export { ownersOf } from './profile/ownership.ts'
export type * from './profile/view/records.ts'

// golden: what messages say of a person -> the value of each attribute that survives, with its source
export { attributesOf } from './golden/attributes.ts'
export type { Attribute } from './golden/attributes.ts'
export { saidOf } from './golden/said.ts'
export type { Said } from './golden/said.ts'
export { goldenRecord } from './golden/golden-record.ts'
export type { GoldenValue } from './golden/golden-record.ts'
