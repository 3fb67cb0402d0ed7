// Lists of people: who was heard of last, and who is meant by a text.

import { z } from 'zod'

import { VISITORS_LOOKED_AT_MAX } from '../../../flows/list-visitors.ts'
import { profileKind, profileState } from '../../answers/answer.ts'
import { searchAnswer, visitorsAnswer } from '../../answers/people-answer.ts'
import { FOUND_MAX } from '../../people/people.ts'
import { limited } from './profile-routes.ts'
import { NO_BODY, type Route, route } from './route.ts'

const VISITORS_MAX = 200
const QUERY_CHARACTERS_MAX = 256

export const peopleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/visitors',
    operation: 'listVisitors',
    summary:
      'Profiles by when they were last heard of, the latest first; `name` is what the latest run has for them',
    role: 'reader',
    forSites: false,
    params: z.object({
      kind: profileKind.optional(),
      state: profileState.optional(),
      site: z.string().min(1).max(100).optional().describe('those that were seen on this site'),
      limit: limited(
        `profiles at most; of one page ${VISITORS_LOOKED_AT_MAX} messages are looked at, so it may have fewer, even none, and yet a \`next\``,
        50,
        VISITORS_MAX,
      ),
      before: z
        .string()
        .max(100)
        .optional()
        .describe(
          '`next` of the page before; who was on an earlier page does not come again, but where two of their messages of the very same moment lie more than a thousand messages apart',
        ),
    }),
    body: NO_BODY,
    answer: visitorsAnswer,
    ask: async ({ params: { kind, state, site, limit, before }, served: { people } }) =>
      people.visitors({
        kind: kind ?? null,
        state: state ?? null,
        site: site ?? null,
        limit,
        before: before ?? null,
      }),
  }),
  route({
    method: 'get',
    path: '/v1/search',
    operation: 'search',
    summary: `Who is meant by a text, ${FOUND_MAX} at most: exact ids and identifiers first, then names, contacts and beginnings of identifiers as the latest run has them`,
    role: 'reader',
    forSites: false,
    params: z.object({
      q: z
        .string()
        .trim()
        .min(1)
        .max(QUERY_CHARACTERS_MAX)
        .describe('a profile id, TYPE:VALUE, a bare value, or a part of a name, e-mail or phone'),
    }),
    body: NO_BODY,
    answer: searchAnswer,
    ask: async ({ params: { q }, served: { people } }) => people.search(q),
  }),
]
