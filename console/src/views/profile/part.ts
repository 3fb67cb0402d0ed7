// What every part of a profile's view is given, and what of its graph is looked at.

import type { ProfileAnswer } from 'selfsame/client'

import type { Act } from './acting.tsx'

/** What every part of the view is given. */
export interface Part {
  readonly profile: ProfileAnswer
  /** Identifiers that were picked, in the list or in the graph. */
  readonly picked: ReadonlySet<string>
  readonly pick: (picked: ReadonlySet<string>) => void
  /** Null for whoever may only look. */
  readonly act: ((act: Act) => void) | null
}

/** An identifier, or the edges between two. */
export type Looked =
  | { readonly kind: 'node'; readonly identifier: string }
  | { readonly kind: 'edge'; readonly from: string; readonly to: string }
