// The words of records as small numbers, for stores that keep many of them.
// Invariant: codes are positions or fixed, so words are only ever added at the end.

import {
  MEMBER_EDGE_KINDS,
  type StoredEdgeKind,
  WITNESS_EDGE_KINDS,
} from '../core/policy/edge-kind.ts'
import type { ChangeEvent, ProfileKind, ProfileState } from '../core/profile/view/records.ts'
import type { FeedEvent } from './identity-store.ts'

export const PROFILE_KINDS = ['anonymous', 'person', 'shared'] as const satisfies ProfileKind[]
export const PROFILE_STATES = [
  'provisional',
  'confirmed',
  'awaiting_batch',
] as const satisfies ProfileState[]
export const CHANGE_EVENTS = [
  'created',
  'merged',
  'split',
  'updated',
  'confirmed',
] as const satisfies ChangeEvent[]

/** Those of profiles first: their codes are those of their changes. */
export const FEED_EVENTS = [
  'profile.created',
  'profile.merged',
  'profile.split',
  'profile.updated',
  'profile.confirmed',
  'review.opened',
  'review.closed',
  'review.decided',
  'review.undone',
  'run.finished',
] as const satisfies FeedEvent[]

/** Kinds between members are below 32. */
const EDGE_KIND_CODES: Readonly<Record<StoredEdgeKind, number>> = {
  login: 1,
  checkout: 2,
  form_submit: 3,
  external_link: 4,
  same_message: 5,
  alias: 6,
  steward: 7,
  same_session: 32,
  ip_match: 33,
}
export const MEMBER_KIND_CODES_END = 32

const EDGE_KINDS: readonly (StoredEdgeKind | undefined)[] = [
  ...MEMBER_EDGE_KINDS,
  ...WITNESS_EDGE_KINDS,
].reduce<(StoredEdgeKind | undefined)[]>((kinds, kind) => {
  kinds[EDGE_KIND_CODES[kind]] = kind
  return kinds
}, [])

export function edgeKindCode(kind: StoredEdgeKind): number {
  return EDGE_KIND_CODES[kind]
}

export function edgeKindOf(code: number): StoredEdgeKind {
  return wordOf(EDGE_KINDS, code)
}

/** The word a code stands for. Throws on a code this version does not know: the file is not of our format. */
export function wordOf<Word>(words: readonly (Word | undefined)[], code: number): Word {
  const word = words[code]
  if (word === undefined) throw new Error(`a code without a word in the identity store: ${code}`)
  return word
}

export function codeOf<Word>(words: readonly Word[], word: Word): number {
  const code = words.indexOf(word)
  if (code < 0) throw new Error(`a word without a code in the identity store: ${String(word)}`)
  return code
}
