// What the API says of the feed: its rows, and places in it as texts.
// Invariant: a place names its epoch, so that one of another feed is never taken for one of this.

import { z } from 'zod'

import type { FeedEvent, FeedRow } from '../../ports/identity-store.ts'
import { instant } from './instant.ts'

const CHANGE_TYPES = [
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

const changeAnswer = z.object({
  sequence: z.int(),
  type: z.enum(CHANGE_TYPES),
  profile: z.string().nullable().describe('of a `profile.…`; null for others'),
  review: z.string().nullable().describe('of a `review.…`; null for others'),
  run: z.int().nullable().describe('of a `run.…`; null for others'),
  revision: z.int().nullable().describe('of the profile'),
  from: z.array(z.string()),
  at: z.iso.datetime(),
  reason: z.string(),
})
export type ChangeAnswer = z.output<typeof changeAnswer>

export const changesAnswer = z.object({
  /** In the order they were committed; none is left out. */
  changes: z.array(changeAnswer),
  /** What to ask for next: `after` of the next request, now or later. */
  next: z.string(),
})
export type ChangesAnswer = z.output<typeof changesAnswer>

/** A place in a feed: behind its row of that sequence. */
export interface FeedPlace {
  readonly epoch: string
  readonly sequence: number
}

/** The place before the first row, of whichever feed. */
export const FEED_START = 'start'

export function placeText({ epoch, sequence }: FeedPlace): string {
  return `${epoch}-${sequence}`
}

/** Null for a text that is none. */
export function placeOfText(text: string): FeedPlace | typeof FEED_START | null {
  if (text === FEED_START) return FEED_START
  const [, epoch = '', digits = ''] = /^([a-z0-9]{1,20})-(\d{1,15})$/.exec(text) ?? []
  return epoch === '' ? null : { epoch, sequence: Number(digits) }
}

/** Null: it is of this feed. Else why one cannot go on from there, in words. */
export function whyNoPlace(place: FeedPlace, epoch: string, end: number): string | null {
  if (place.epoch !== epoch)
    return `${placeText(place)} is of another feed: the graph was made anew, or the machine went down`
  if (place.sequence > end)
    return `${placeText(place)} is beyond the end of the feed, which is ${placeText({ epoch, sequence: end })}`
  return null
}

export function answerOfChange(row: FeedRow): ChangeAnswer {
  const { sequence, event: type, subject, revision, from, at, reason } = row
  const [kind] = type.split('.')
  return {
    sequence,
    type,
    profile: kind === 'profile' ? subject : null,
    review: kind === 'review' ? subject : null,
    run: kind === 'run' ? Number(subject) : null,
    revision: kind === 'profile' ? revision : null,
    from: [...from],
    at: instant(at),
    reason,
  }
}

export function answerOfChanges(after: FeedPlace, rows: readonly FeedRow[]): ChangesAnswer {
  const sequence = rows.at(-1)?.sequence ?? after.sequence
  return { changes: rows.map(answerOfChange), next: placeText({ ...after, sequence }) }
}
