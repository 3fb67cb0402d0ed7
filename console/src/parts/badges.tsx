// What a profile is and how sure that is, small. Never by colour alone.

import type { ProfileAnswer } from 'selfsame/client'

import { percent } from './words.ts'

export const KINDS = { person: 'known', anonymous: 'anonymous', shared: 'shared' } as const
export const STATES = {
  provisional: 'provisional',
  confirmed: 'confirmed',
  awaiting_batch: 'waits for a run',
} as const
const STATES_MEAN = {
  provisional:
    'Decided as messages came; the next run over everything confirms it or puts it right',
  confirmed: 'A run over everything came to the same answer',
  awaiting_batch: 'Its neighbourhood is too large to decide at once; the next run decides it',
} as const

export function Kind({ kind }: { readonly kind: ProfileAnswer['kind'] }) {
  return <span class={`badge kind-${kind}`}>{KINDS[kind]}</span>
}

export function Standing({ state }: { readonly state: ProfileAnswer['state'] }) {
  return (
    <span class={`badge state-${state}`} title={STATES_MEAN[state]}>
      {STATES[state]}
    </span>
  )
}

/** Of the weakest link; nothing for a profile of one identifier. */
export function Confidence({ of }: { readonly of: number | null }) {
  if (of === null) return <span class="quiet">one identifier</span>
  return (
    <span class="confidence" title={`${of} for the weakest link`}>
      <meter min={0} max={1} low={0.8} high={0.95} optimum={1} value={of} aria-hidden="true" />{' '}
      {percent(of)}
    </span>
  )
}
