// A fact in the making: identifiers and edges each once, in the order in which they were named.
// Invariant: independent of the order of keys in the message, and of how often it repeats itself.

import type { Identifier } from '../identifier/identifier.ts'
import { isRefused, type Contact, type Made, type Refused } from '../identifier/made.ts'
import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import type { FactEdge } from './fact.ts'

/** The index of something that is not there. */
export const NONE = -1

export interface Draft {
  readonly identifiers: Identifier[]
  readonly edges: FactEdge[]
  readonly refused: Refused[]
}

/** Index of the identifier in the draft; `NONE` when it was refused, which is noted. */
export function addMade(draft: Draft, made: Made): number {
  if (isRefused(made)) {
    if (!draft.refused.includes(made)) draft.refused.push(made)
    return NONE
  }
  const { identifiers } = draft
  for (let i = 0; i < identifiers.length; i++) if (identifiers[i]?.key === made.key) return i
  return identifiers.push(made) - 1
}

export function addContact(draft: Draft, contact: Contact): number {
  return addMade(draft, contact.identifier === undefined ? contact : contact.identifier)
}

/** An edge between two of the draft's identifiers; nothing when either is `NONE` or both are one. */
export function addEdge(draft: Draft, from: number, to: number, kind: StoredEdgeKind): void {
  if (from === NONE || to === NONE || from === to) return
  for (const edge of draft.edges) {
    if (edge.from === from && edge.to === to && edge.kind === kind) return
  }
  draft.edges.push({ from, to, kind })
}

/** `same_message` has no direction: it goes from the smaller key, so that it is one edge whoever is named first. */
export function addSameMessage(draft: Draft, a: number, b: number): void {
  const x = draft.identifiers[a]
  const y = draft.identifiers[b]
  if (x === undefined || y === undefined) return
  // Two values of one kind in one message are two values, not one person's.
  if (x.type === y.type && x.namespace === y.namespace) return
  if (x.key < y.key) addEdge(draft, a, b, 'same_message')
  else addEdge(draft, b, a, 'same_message')
}
