// What was sent and not taken: listed, and taken again once its reason is mended.

import { z } from 'zod'

import { noAnswer } from '../../answers/look-ups.ts'
import { rejectsAnswer, replayAnswer } from '../../answers/reject-answer.ts'
import { limited } from '../ask/profile-routes.ts'
import { NO_BODY, type Route, route } from '../ask/route.ts'

export const rejectRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/rejects',
    operation: 'listRejects',
    summary: 'Messages that were sent and not taken, with the reason, latest first',
    role: 'admin',
    forSites: false,
    params: z.object({
      limit: limited('rejects at most'),
      before: z.string().max(200).optional().describe('`next` of the page before'),
    }),
    body: NO_BODY,
    answer: rejectsAnswer,
    ask: async ({ served, params: { limit, before } }) => {
      const page = await served.kept.list(before ?? null, limit)
      if (page === null) return noAnswer(400, '"before" is no "next" of an earlier answer')
      return { ok: true, value: page }
    },
  }),
  route({
    method: 'post',
    path: '/v1/rejects/replay',
    operation: 'replayRejects',
    summary: 'Takes every kept reject once more; what is taken now leaves the list',
    role: 'admin',
    forSites: false,
    params: z.object({}),
    body: NO_BODY,
    answer: replayAnswer,
    ask: async ({ served }) => {
      const replayed = await served.kept.replay()
      return replayed === null
        ? noAnswer(409, 'rejects are being taken again already')
        : { ok: true, value: replayed }
    },
  }),
]
