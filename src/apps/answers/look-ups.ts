// Questions to the live graph as people and programs put them, by id or by identifier, whoever has the graph open.
// Invariant: a question that has no answer says why, in words, and with a status.

import type {
  GraphAnswer,
  HistoryAnswer,
  MembershipAnswer,
  ProfileAnswer,
  StatsAnswer,
  TimelineAnswer,
} from './answer.ts'
import type { ChangesAnswer } from './feed-answer.ts'
import type { ModelAnswer } from './knowledge-answer.ts'
import type { ExplanationAnswer } from './explanation-answer.ts'

/** 400: the question makes no sense; 403: not for this caller; 404: never seen; 409: not now; 410: erased. */
export interface NoAnswer {
  readonly ok: false
  readonly status: 400 | 403 | 404 | 409 | 410
  readonly message: string
}

export type Answered<T> = { readonly ok: true; readonly value: T } | NoAnswer

/** `asked` is `TYPE:VALUE` or a profile id. */
export interface LookUps {
  /** `golden`: its golden record too, of what was said on the sites (null: on all), for which its messages are read. */
  profile(
    asked: string,
    golden?: { readonly sites: readonly string[] | null },
  ): Promise<Answered<ProfileAnswer>>
  /** The latest events; with `before`, the `next` of a page, those before that page. */
  timeline(asked: string, limit: number, before?: string): Promise<Answered<TimelineAnswer>>
  history(asked: string, limit: number): Promise<Answered<HistoryAnswer>>
  /** What happened after a place of the feed, in order; `start` for all of it. */
  changes(after: string, limit: number): Promise<Answered<ChangesAnswer>>
  /** Of at most `limit` nodes. */
  graph(asked: string, limit: number): Promise<Answered<GraphAnswer>>
  explain(a: string, b: string): Promise<Answered<ExplanationAnswer>>
  /** Why an identifier is in its profile: it and each other member. */
  explainMembership(asked: string): Promise<Answered<MembershipAnswer>>
  /** Counts all there is: not for every request. */
  stats(): Promise<Answered<StatsAnswer>>
  /** What was learned, with its weights. */
  model(): Promise<Answered<ModelAnswer>>
}

export function noAnswer(status: NoAnswer['status'], message: string): NoAnswer {
  return { ok: false, status, message }
}
