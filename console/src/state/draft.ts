// The changed configuration that is being tried: kept while one looks at the profiles it concerns.

import type { RunAnswer } from 'selfsame/client'

import { put } from './loaded.ts'
import { useStateOf } from './state.ts'

export interface Draft {
  readonly text: string
  /** The comparison that was begun last: which run that is, and of which text. */
  readonly compared: { readonly startedAt: string; readonly text: string } | null
  /** What the comparison came to; kept when other runs come after it. */
  readonly run: RunAnswer | null
}

const NAME = 'draft of a configuration'

/** Null: nobody has changed anything. */
export function useDraft(): Draft | null {
  return useStateOf((now) => (now.data.get(NAME)?.value as Draft | null | undefined) ?? null)
}

export function keepDraft(draft: Draft | null): void {
  put(NAME, draft)
}
