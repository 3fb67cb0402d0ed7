// The one value that everything shown derives from. Changed by `change` alone; views read it by `useStateOf`.

import { signal, useComputed } from '@preact/signals'

import type { ReviewAnswer } from 'selfsame/client'

import { placeOf, type Place } from './place.ts'

export type Role = 'reader' | 'steward' | 'admin'

export interface Session {
  readonly account: string
  readonly role: Role
  readonly name: string
}

/** One event of the stream, as the server sent it. */
export interface FeedEvent {
  /** Where the stream goes on after it. */
  readonly id: string
  readonly type: string
  readonly profile: string | null
  readonly review: string | null
  readonly run: number | null
  readonly revision: number | null
  readonly from: readonly string[]
  /** ISO 8601. */
  readonly at: string
  readonly reason: string
}

/** `lost`: nothing comes just now, and what is shown may be old; it is tried again. */
type Connection = 'connecting' | 'live' | 'lost'

export interface Notice {
  readonly id: number
  readonly kind: 'done' | 'failed'
  readonly text: string
}

export interface Loaded<T> {
  readonly value: T | null
  /** In words; what was known before stays in `value`. */
  readonly error: string | null
  /** HTTP status of the error. */
  readonly status: number | null
  readonly isLoading: boolean
}

/** Open questions, those worth most first, as far as they were asked for. */
export interface Questions {
  readonly rows: readonly ReviewAnswer[]
  readonly next: string | null
  readonly isWhole: boolean
  readonly error: string | null
}

/** What a steward does in one sitting. */
export interface Desk {
  /** Questions left to others. */
  readonly skipped: ReadonlySet<string>
  /** Decided by him here, the last one last, each with its note. */
  readonly decided: readonly { readonly id: string; readonly note: string }[]
  /** Goes with the next decision. */
  readonly note: string
  readonly isBusy: boolean
}

export interface State {
  /** `unknown` until the server has said whether somebody is signed in. */
  readonly session: Session | 'unknown' | 'none'
  readonly place: Place
  readonly connection: Connection
  /** The latest first. */
  readonly feed: readonly FeedEvent[]
  /** What was asked of the API, by a name of what it is. */
  readonly data: ReadonlyMap<string, Loaded<unknown>>
  readonly questions: Questions
  readonly desk: Desk
  readonly notices: readonly Notice[]
  /** Whether the list of keys is open. */
  readonly keysShown: boolean
}

const START: State = {
  session: 'unknown',
  place: placeOf(location.hash),
  connection: 'connecting',
  feed: [],
  data: new Map(),
  questions: { rows: [], next: null, isWhole: false, error: null },
  desk: { skipped: new Set(), decided: [], note: '', isBusy: false },
  notices: [],
  keysShown: false,
}

export const state = signal<State>(START)

export function change(part: Partial<State>): void {
  state.value = { ...state.value, ...part }
}

/** Forgets all that was loaded for whoever was signed in. */
export function forget(): void {
  state.value = { ...START, place: state.value.place, session: 'none' }
}

/** What a view reads of it; the view is drawn again when that is another value. */
export function useStateOf<T>(read: (now: State) => T): T {
  return useComputed(() => read(state.value)).value
}

/** Who is signed in; of views that are shown only then. */
export function useSession(): Session {
  const session = useStateOf((now) => now.session)
  return typeof session === 'string' ? NOBODY : session
}

const NOBODY: Session = { account: '', role: 'reader', name: '' }

const RANKS: Readonly<Record<Role, number>> = { reader: 0, steward: 1, admin: 2 }

/** Whether somebody of the role may do what takes the other one. */
export function may(role: Role, needed: Role): boolean {
  return RANKS[role] >= RANKS[needed]
}
