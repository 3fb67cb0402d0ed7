// The kinds of edge. Deterministic kinds come from an act that names a person and are facts of the log;
// the probabilistic kinds between two cookies are derived from shared witnesses when a pair is weighed.

/** Kinds that join two members and may take part in stage A. */
export const MEMBER_EDGE_KINDS = [
  'login',
  'checkout',
  'form_submit',
  'external_link',
  'same_message',
  'alias',
  'steward',
] as const
/** Kinds that tie a cookie to a witness. */
export const WITNESS_EDGE_KINDS = ['same_session', 'ip_match'] as const
/** Kinds that are derived and never stored: an identifier's own sites, and two cookies that share a witness. */
export const DERIVED_EDGE_KINDS = [
  'email_match',
  'signature_match',
  'ip_temporal',
  'behaviour',
] as const

type MemberEdgeKind = (typeof MEMBER_EDGE_KINDS)[number]
type WitnessEdgeKind = (typeof WITNESS_EDGE_KINDS)[number]
export type StoredEdgeKind = MemberEdgeKind | WitnessEdgeKind
