// What stewards are asked, and what they answer.

import { z } from 'zod'

import {
  reviewAnswer,
  reviewDetailAnswer,
  reviewsAnswer,
  wantedDecision,
} from '../../answers/review-answer.ts'
import type { Steward } from '../../steward/steward.ts'
import { limited } from '../ask/profile-routes.ts'
import { type Asked, NO_BODY, type Route, route } from '../ask/route.ts'

const REVIEWS_USUALLY = 50
const REVIEWS_MAX = 200
const one = z.object({ id: z.string().min(1).max(200).describe('of the review') })

export const reviewRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/reviews',
    operation: 'listReviews',
    summary: 'Questions to stewards, those worth most first; or what was decided, the latest first',
    role: 'steward',
    forSites: false,
    params: z.object({
      status: z.enum(['open', 'decided']).default('open').describe('"open" or "decided"'),
      limit: limited('reviews at most', REVIEWS_USUALLY, REVIEWS_MAX),
      after: z.string().max(200).optional().describe('`next` of the page before'),
    }),
    body: NO_BODY,
    answer: reviewsAnswer,
    ask: async ({ params: { status, limit, after = null }, served, parts }) =>
      served.reviews.list({ status, limit, after }, parts.now()),
  }),
  route({
    method: 'get',
    path: '/v1/reviews/{id}',
    operation: 'getReview',
    summary:
      'A question with both profiles, what speaks for one person, and what would come of either answer',
    role: 'steward',
    forSites: false,
    params: one,
    body: NO_BODY,
    answer: reviewDetailAnswer,
    ask: async ({ params: { id }, served, parts }) => served.reviews.look(id, parts.now()),
  }),
  route({
    method: 'post',
    path: '/v1/reviews/{id}/claim',
    operation: 'claimReview',
    summary:
      'Says that you are looking at it, for three minutes; others cannot decide it meanwhile',
    role: 'steward',
    forSites: false,
    params: one,
    body: NO_BODY,
    answer: reviewAnswer,
    ask: async (asked) => asked.served.reviews.claim(asked.params.id, stewardOf(asked)),
  }),
  route({
    method: 'delete',
    path: '/v1/reviews/{id}/claim',
    operation: 'releaseReview',
    summary: 'Says that you are not looking at it any more',
    role: 'steward',
    forSites: false,
    params: one,
    body: NO_BODY,
    answer: reviewAnswer,
    ask: async (asked) => asked.served.reviews.letGo(asked.params.id, stewardOf(asked)),
  }),
  route({
    method: 'post',
    path: '/v1/reviews/{id}/decision',
    operation: 'decideReview',
    summary:
      'Decides a question, or says the first word where it takes two; said again, a decision stands as it is',
    role: 'steward',
    forSites: false,
    params: one,
    body: wantedDecision,
    answer: reviewAnswer,
    ask: async ({ body, ...asked }) =>
      asked.served.reviews.decide(asked.params.id, body, stewardOf(asked)),
  }),
  route({
    method: 'delete',
    path: '/v1/reviews/{id}/decision',
    operation: 'undoDecision',
    summary: 'Takes a decision back: what it joined comes apart, what it kept apart may join',
    role: 'steward',
    forSites: false,
    params: one,
    body: NO_BODY,
    answer: reviewAnswer,
    ask: async (asked) => asked.served.reviews.undo(asked.params.id, stewardOf(asked)),
  }),
]

export function stewardOf({
  caller,
  parts,
}: Pick<Asked<unknown, unknown>, 'caller' | 'parts'>): Steward {
  const { name, keyId, isOperator } = caller
  return { name, token: isOperator ? null : keyId, now: parts.now() }
}
