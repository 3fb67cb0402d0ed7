// What is asked of the API about one profile, each by a name of its own, so that parts of the view ask once together.

import type { GraphAnswer, HistoryAnswer, ProfileAnswer, TimelineAnswer } from 'selfsame/client'

import { client } from '../../state/client.ts'
import { type Loaded, useLoaded } from '../../state/loaded.ts'
import { type FeedEvent, state } from '../../state/state.ts'

/** More than a person can look at. */
const GRAPH_NODES_MAX = 500
const HISTORY_MAX = 500
/** Messages of one page of the timeline. */
export const PAGE_EVENTS = 200

const concerns =
  (id: string) =>
  (event: FeedEvent): boolean =>
    event.profile === id || event.from.includes(id)

/** `asked`: a profile id, or TYPE:VALUE. */
export function useProfile(asked: string): Loaded<ProfileAnswer> {
  const name = `profile ${asked}`
  return useLoaded({
    name,
    load: () => client.profile(asked),
    // The id is known from the answer, and may be another one after each.
    concerns: (event) => concerns(idOf(state.value.data.get(name)?.value) ?? asked)(event),
  })
}

function idOf(answer: unknown): string | null {
  const isKnown = typeof answer === 'object' && answer !== null && 'id' in answer
  return isKnown && typeof answer.id === 'string' ? answer.id : null
}

/** With its golden record, for which its messages are read: that takes longer. */
export function useGolden(id: string): Loaded<ProfileAnswer> {
  const load = (): Promise<ProfileAnswer> => client.profile(id, { golden: true })
  return useLoaded({ name: `golden ${id}`, load, concerns: concerns(id) })
}

export function useHistory(id: string): Loaded<HistoryAnswer> {
  const load = (): Promise<HistoryAnswer> => client.history(id, { limit: HISTORY_MAX })
  return useLoaded({ name: `history ${id}`, load, concerns: concerns(id) })
}

export function useGraph(id: string): Loaded<GraphAnswer> {
  const load = (): Promise<GraphAnswer> => client.graph(id, { limit: GRAPH_NODES_MAX })
  return useLoaded({ name: `graph ${id}`, load, concerns: concerns(id) })
}

export function useLatest(id: string): Loaded<TimelineAnswer> {
  const load = (): Promise<TimelineAnswer> => client.timeline(id, { limit: PAGE_EVENTS })
  return useLoaded({ name: `timeline ${id}`, load, concerns: concerns(id) })
}
