// Questions about all profiles of an account.

import { z } from 'zod'

import { statsAnswer } from '../../answers/answer.ts'
import { changesAnswer, FEED_START } from '../../answers/feed-answer.ts'
import { modelAnswer } from '../../answers/knowledge-answer.ts'
import { pulseAnswer, pulseOf } from '../../answers/pulse-answer.ts'
import { limited } from './profile-routes.ts'
import { NO_BODY, type Route, route } from './route.ts'

const PLACE_CHARACTERS_MAX = 50

export const accountRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/changes',
    operation: 'listChanges',
    summary:
      'What happened since a place of the feed, to profiles, questions and runs, in order, none left out',
    role: 'reader',
    forSites: false,
    params: z.object({
      after: z
        .string()
        .max(PLACE_CHARACTERS_MAX)
        .default(FEED_START)
        .describe('`next` of the last answer, or an id of the stream; "start" for the first'),
      limit: limited('changes at most'),
    }),
    body: NO_BODY,
    answer: changesAnswer,
    ask: async ({ params: { after, limit }, served: { lookUps } }) => lookUps.changes(after, limit),
  }),
  route({
    method: 'get',
    path: '/v1/stats',
    operation: 'getStats',
    summary: 'How much there is of everything, and cookies beside people by day',
    role: 'reader',
    forSites: false,
    params: z.object({}),
    body: NO_BODY,
    answer: statsAnswer,
    ask: async ({ served: { lookUps } }) => lookUps.stats(),
  }),
  route({
    method: 'get',
    path: '/v1/pulse',
    operation: 'getPulse',
    summary: 'How it is doing at this instant; cheap enough to be asked every second',
    role: 'reader',
    forSites: false,
    params: z.object({}),
    body: NO_BODY,
    answer: pulseAnswer,
    ask: async ({ served, parts }) => ({ ok: true, value: await pulseOf(served, parts.now()) }),
  }),
  route({
    method: 'get',
    path: '/v1/model',
    operation: 'getModel',
    summary:
      'What was learned: whether profiles are joined by it, what training found, the weights',
    role: 'reader',
    forSites: false,
    params: z.object({}),
    body: NO_BODY,
    answer: modelAnswer,
    ask: async ({ served: { lookUps } }) => lookUps.model(),
  }),
]
