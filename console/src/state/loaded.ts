// What the API said, kept by name. An event of the stream that concerns it makes it stale; what is shown is asked again.
// Invariant: one question of a name is under way at a time, and an older answer never replaces a newer one.

import { useEffect } from 'preact/hooks'

import { SelfsameError } from 'selfsame/client'

import { client } from './client.ts'
import { change, type FeedEvent, state, useStateOf, type Loaded } from './state.ts'

export type { Loaded }

export interface Wanted<T> {
  readonly name: string
  readonly load: () => Promise<T>
  /** Whether the answer may be another one after the event; `known`: the answer of now. */
  readonly concerns?: (event: FeedEvent, known: T | null) => boolean
}

/** Answers that nobody looks at are kept for whoever comes back, at most so many. */
const KEPT_MAX = 300
/** Events come in bursts: what they concern is asked again so long after the first. */
const AGAIN_AFTER_MS = 150

const NOTHING: Loaded<never> = { value: null, error: null, status: null, isLoading: true }

/** By name: what is shown, and how often. */
const shown = new Map<string, { readonly wanted: Wanted<unknown>; times: number }>()
const underWay = new Set<string>()
/** Asked for again while it was under way. */
const again = new Set<string>()
const stale = new Set<string>()
const waiting = new Set<string>()

/** What the API says of it, now and after every event that concerns it; null: ask nothing. */
export function useLoaded<T>(wanted: Wanted<T> | null): Loaded<T> {
  const name = wanted?.name ?? ''
  useEffect(() => {
    if (wanted === null) return undefined
    const known = shown.get(name)
    shown.set(name, { wanted: wanted as Wanted<unknown>, times: (known?.times ?? 0) + 1 })
    if (!state.value.data.has(name) || stale.has(name)) load(wanted as Wanted<unknown>)
    return () => {
      const here = shown.get(name)
      if (here === undefined) return
      if (here.times <= 1) shown.delete(name)
      else here.times--
    }
  }, [name])
  return useStateOf((now) => (now.data.get(name) as Loaded<T> | undefined) ?? NOTHING)
}

/** Asks again for all that is shown under names that begin so; what is not shown is asked when it is. */
export function refresh(prefix = ''): void {
  for (const name of state.value.data.keys()) if (name.startsWith(prefix)) outdate(name)
}

/** Puts in an answer that came otherwise: that of a decision, say. */
export function put(name: string, value: unknown): void {
  stale.delete(name)
  set(name, { value, error: null, status: null, isLoading: false })
}

/** What was answered last under the name; null where nothing was. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a name stands for one type of answer
export function lastOf<T>(name: string): T | null {
  return (state.value.data.get(name)?.value as T | null | undefined) ?? null
}

/** The server answers again: what could not be answered is asked once more. */
export function retryFailed(): void {
  for (const [name, { error }] of state.value.data) if (error !== null) outdate(name)
}

/** An event has arrived. `reset`: any number may have been missed. */
export function outdateBy(event: FeedEvent | 'reset'): void {
  for (const [name, { value }] of state.value.data) {
    const concerns = shown.get(name)?.wanted.concerns
    // Of what is not shown nobody knows what concerns it: it is asked when it is shown again.
    if (event === 'reset' || !shown.has(name) || concerns?.(event, value) === true) outdate(name)
  }
}

function outdate(name: string): void {
  stale.add(name)
  if (!shown.has(name) || waiting.has(name)) return
  waiting.add(name)
  setTimeout(() => {
    waiting.delete(name)
    const here = shown.get(name)
    if (here !== undefined && stale.has(name)) load(here.wanted)
  }, AGAIN_AFTER_MS)
}

function load({ name, load: ask }: Wanted<unknown>): void {
  if (underWay.has(name)) {
    again.add(name)
    return
  }
  underWay.add(name)
  stale.delete(name)
  const before = state.value.data.get(name) ?? NOTHING
  set(name, { ...before, isLoading: true })
  ask().then(
    (value) => done(name, { value, error: null, status: null, isLoading: false }),
    (cause: unknown) => {
      const known = state.value.data.get(name)?.value ?? null
      done(name, { value: known, ...failureOf(cause), isLoading: false })
    },
  )
}

function done(name: string, loaded: Loaded<unknown>): void {
  underWay.delete(name)
  set(name, loaded)
  const here = shown.get(name)
  if (again.delete(name) && here !== undefined) load(here.wanted)
}

function set(name: string, loaded: Loaded<unknown>): void {
  const data = new Map(state.value.data)
  // Last of all, so that the first are those nobody has asked for longest.
  data.delete(name)
  data.set(name, loaded)
  for (const old of data.keys()) {
    if (data.size <= KEPT_MAX) break
    if (!shown.has(old)) data.delete(old)
  }
  change({ data })
}

/** What went wrong, for people; a session that has ended leads to signing in. */
export function failureOf(cause: unknown): { readonly error: string; readonly status: number } {
  if (!(cause instanceof SelfsameError)) {
    return { error: 'the server does not answer; it is tried again', status: 0 }
  }
  if (cause.status === 401) client.ended()
  return { error: cause.message, status: cause.status }
}
