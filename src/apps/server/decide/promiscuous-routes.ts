// Identifiers that a steward should look at: they hold many together, or were made to hold nobody.

import { z } from 'zod'

import { listPromiscuous } from '../../../flows/list-promiscuous.ts'
import { noAnswer } from '../../answers/look-ups.ts'
import {
  answerOfPromiscuous,
  promiscuousAnswer,
  promiscuousPlaceOf,
} from '../../answers/promiscuous-answer.ts'
import { limited } from '../ask/profile-routes.ts'
import { NO_BODY, type Route, route } from '../ask/route.ts'

const IDENTIFIERS_USUALLY = 50
const IDENTIFIERS_MAX = 200

export const promiscuousRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/identifiers/promiscuous',
    operation: 'listPromiscuous',
    summary:
      'Identifiers that hold many together on some day, are shared, or in quarantine, the most crowded first; it looks at everything that is stored',
    role: 'steward',
    forSites: false,
    params: z.object({
      limit: limited('identifiers at most', IDENTIFIERS_USUALLY, IDENTIFIERS_MAX),
      after: z.string().max(200).optional().describe('`next` of the page before'),
    }),
    body: NO_BODY,
    answer: promiscuousAnswer,
    ask: async ({ params: { limit, after }, served }) => {
      const place = after === undefined ? null : promiscuousPlaceOf(after)
      if (after !== undefined && place === null)
        return noAnswer(400, '"after" is the "next" of an earlier page')
      const listed = await listPromiscuous(served, place, limit)
      return { ok: true, value: answerOfPromiscuous(listed, limit) }
    },
  }),
]
