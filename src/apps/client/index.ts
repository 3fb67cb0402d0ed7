// `selfsame/client`: the query API from a program or a page, typed. Fetch and nothing else: it runs in Node 18 and
// later, in browsers and in Workers.

import type {
  GraphAnswer,
  HistoryAnswer,
  MembershipAnswer,
  ProfileAnswer,
  StatsAnswer,
  TimelineAnswer,
} from '../answers/answer.ts'
import type { ConfigurationAnswer } from '../answers/configuration-answer.ts'
import type { ChangesAnswer } from '../answers/feed-answer.ts'
import type { ModelAnswer } from '../answers/knowledge-answer.ts'
import type {
  DecreeAnswer,
  WantedMerge,
  WantedQuarantine,
  WantedSplit,
} from '../answers/decree-answer.ts'
import type { ExplanationAnswer } from '../answers/explanation-answer.ts'
import type { KeyAnswer, KeysAnswer, NewKeyAnswer, WantedKey } from '../answers/key-answer.ts'
import type { PromiscuousAnswer } from '../answers/promiscuous-answer.ts'
import type { SearchAnswer, VisitorsAnswer } from '../answers/people-answer.ts'
import type { PulseAnswer } from '../answers/pulse-answer.ts'
import type { RejectsAnswer, ReplayAnswer } from '../answers/reject-answer.ts'
import type {
  ReviewAnswer,
  ReviewDetailAnswer,
  ReviewsAnswer,
  WantedDecision,
} from '../answers/review-answer.ts'
import type { RunAnswer, RunsAnswer, WantedRun } from '../answers/run-answer.ts'
import { addressOf, callerHeaders, type ClientOptions } from './client-options.ts'
import { errorOf, SelfsameError } from './selfsame-error.ts'
import { listen, type StreamEvent, type StreamFrom } from './listen.ts'

export { SelfsameError }

export type {
  ChangesAnswer,
  ConfigurationAnswer,
  ClientOptions,
  DecreeAnswer,
  ExplanationAnswer,
  GraphAnswer,
  HistoryAnswer,
  KeyAnswer,
  KeysAnswer,
  MembershipAnswer,
  ModelAnswer,
  NewKeyAnswer,
  ProfileAnswer,
  PulseAnswer,
  PromiscuousAnswer,
  RejectsAnswer,
  ReplayAnswer,
  ReviewAnswer,
  ReviewDetailAnswer,
  ReviewsAnswer,
  RunAnswer,
  RunsAnswer,
  SearchAnswer,
  StatsAnswer,
  StreamEvent,
  StreamFrom,
  TimelineAnswer,
  VisitorsAnswer,
  WantedDecision,
  WantedKey,
  WantedMerge,
  WantedQuarantine,
  WantedRun,
  WantedSplit,
}

/** Which part of a list. */
export interface Page {
  readonly limit?: number | undefined
  /** `next` of the page before. */
  readonly before?: string | undefined
}

/** Which visitors. */
export interface VisitorsPage extends Page {
  readonly kind?: 'anonymous' | 'person' | 'shared' | undefined
  readonly state?: 'provisional' | 'confirmed' | 'awaiting_batch' | undefined
  readonly site?: string | undefined
}

/** Which part of the reviews. */
export interface ReviewPage {
  readonly status?: 'open' | 'decided' | undefined
  readonly limit?: number | undefined
  /** `next` of the page before. */
  readonly after?: string | undefined
}

/** Whether to change anything. */
export interface Trying {
  readonly dryRun?: boolean
}

function dryRunOf({ dryRun }: Trying): string {
  return dryRun === true ? '?dry_run=true' : ''
}

export type Client = ReturnType<typeof createClient>

/** Every method throws a SelfsameError for an answer that is none, and what `fetch` throws where nobody answers. */
export function createClient(options: ClientOptions) {
  const get = async <T>(path: string, query: Query = {}): Promise<T> =>
    request<T>(options, 'GET', path + queryOf(query))
  return {
    /** The profile of `TYPE:VALUE`, or of a profile id; with its golden record if that is wanted. */
    profile: (asked: string, { golden }: { readonly golden?: boolean } = {}) => {
      const wanted = golden === true ? { golden: 'true' } : {}
      return asked.startsWith('prf_')
        ? get<ProfileAnswer>(pathOf(asked), wanted)
        : get<ProfileAnswer>('/v1/profiles', { identifier: asked, ...wanted })
    },
    /** The latest page first, each oldest first; `next` leads to the page before it. */
    timeline: (id: string, page: Page = {}) =>
      get<TimelineAnswer>(pathOf(id, '/timeline'), { ...page }),
    history: (id: string, page: { readonly limit?: number } = {}) =>
      get<HistoryAnswer>(pathOf(id, '/history'), page),
    graph: (id: string, page: { readonly limit?: number } = {}) =>
      get<GraphAnswer>(pathOf(id, '/graph'), page),
    /** Why two identifiers are one person, or are not. */
    explain: (a: string, b: string) => get<ExplanationAnswer>('/v1/explain', { a, b }),
    /** Why an identifier is in its profile. */
    explainMembership: (a: string) => get<MembershipAnswer>('/v1/explain', { a }),
    /** Profiles by when they were last heard of, the latest first. */
    visitors: (page: VisitorsPage = {}) => get<VisitorsAnswer>('/v1/visitors', { ...page }),
    /** Who is meant by a text: an id, an identifier, a part of a name or contact. */
    search: (q: string) => get<SearchAnswer>('/v1/search', { q }),
    /** What happened after a place of the feed, in order: the `next` of the last answer; `start` for all of it. */
    changes: (after: string, page: { readonly limit?: number } = {}) =>
      get<ChangesAnswer>('/v1/changes', { after, ...page }),
    /** What happens, as it happens; over dropped connections too. Ends with the signal, or a loop that is left. */
    stream: (from: StreamFrom = {}) => listen(options, from),
    stats: () => get<StatsAnswer>('/v1/stats'),
    /** How it is doing at this instant: cheap enough to be asked every second. */
    pulse: () => get<PulseAnswer>('/v1/pulse'),
    /** What was learned, with its weights. */
    model: () => get<ModelAnswer>('/v1/model'),
    /** Questions to stewards, those worth most first; or what was decided, the latest first. */
    reviews: (page: ReviewPage = {}) => get<ReviewsAnswer>('/v1/reviews', { ...page }),
    /** One of them, with both profiles and what speaks for one person. */
    review: (id: string) => get<ReviewDetailAnswer>(reviewPath(id)),
    /** Says that you are looking at it, for three minutes. */
    claimReview: (id: string) => request<ReviewAnswer>(options, 'POST', reviewPath(id, '/claim')),
    releaseReview: (id: string) =>
      request<ReviewAnswer>(options, 'DELETE', reviewPath(id, '/claim')),
    decideReview: (id: string, wanted: WantedDecision) =>
      request<ReviewAnswer>(options, 'POST', reviewPath(id, '/decision'), wanted),
    undoDecision: (id: string) =>
      request<ReviewAnswer>(options, 'DELETE', reviewPath(id, '/decision')),
    /** Says that two profiles are one person; with `dryRun` only what would come of it. */
    mergeProfiles: (wanted: WantedMerge, how: Trying = {}) =>
      request<DecreeAnswer>(options, 'POST', `/v1/profiles/merge${dryRunOf(how)}`, wanted),
    /** Says that some identifiers of a profile are somebody else. */
    splitProfile: (id: string, wanted: WantedSplit, how: Trying = {}) =>
      request<DecreeAnswer>(options, 'POST', pathOf(id, `/split${dryRunOf(how)}`), wanted),
    /** Identifiers that hold many together, the most crowded first. */
    promiscuousIdentifiers: (page: { readonly limit?: number; readonly after?: string } = {}) =>
      get<PromiscuousAnswer>('/v1/identifiers/promiscuous', page),
    quarantineIdentifier: (wanted: WantedQuarantine, how: Trying = {}) =>
      request<DecreeAnswer>(options, 'POST', `/v1/identifiers/quarantine${dryRunOf(how)}`, wanted),
    releaseIdentifier: (wanted: WantedQuarantine, how: Trying = {}) =>
      request<DecreeAnswer>(options, 'POST', `/v1/identifiers/release${dryRunOf(how)}`, wanted),
    rejects: (page: Page = {}) => get<RejectsAnswer>('/v1/rejects', { ...page }),
    replayRejects: () => request<ReplayAnswer>(options, 'POST', '/v1/rejects/replay'),
    /** The latest run of the server with its stages, and those that were published. */
    runs: () => get<RunsAnswer>('/v1/runs'),
    /** Begins a batch run, which goes on after the answer. */
    startRun: (wanted: WantedRun = {}) => request<RunAnswer>(options, 'POST', '/v1/runs', wanted),
    /** What runs decide by: change it and post it to `startRun`. */
    configuration: () => get<ConfigurationAnswer>('/v1/configuration'),
    keys: () => get<KeysAnswer>('/v1/keys'),
    createKey: (wanted: WantedKey) => request<NewKeyAnswer>(options, 'POST', '/v1/keys', wanted),
    revokeKey: (id: string) =>
      request<KeyAnswer>(options, 'DELETE', `/v1/keys/${encodeURIComponent(id)}`),
  }
}

function pathOf(id: string, what = ''): string {
  return `/v1/profiles/${encodeURIComponent(id)}${what}`
}

function reviewPath(id: string, what = ''): string {
  return `/v1/reviews/${encodeURIComponent(id)}${what}`
}

interface Query {
  readonly [name: string]: string | number | undefined
}

function queryOf(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

async function request<T>(
  options: ClientOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(addressOf(options, path), {
    method,
    headers: {
      ...callerHeaders(options),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw await errorOf(response)
  // The server holds its answers to their schemas.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await response.json()) as T
}
