// What runs decide by, to be read, changed and tried.

import { z } from 'zod'

import { configurationAnswer } from '../../answers/configuration-answer.ts'
import { NO_BODY, type Route, route } from '../ask/route.ts'

export const configurationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/configuration',
    operation: 'getConfiguration',
    summary:
      'What runs decide by, as a configuration: change it and post it to `/v1/runs` as `settings`, with `dry_run` to try it',
    role: 'admin',
    forSites: false,
    params: z.object({}),
    body: NO_BODY,
    answer: configurationAnswer,
    ask: ({ served: { configuration } }) => Promise.resolve({ ok: true, value: configuration() }),
  }),
]
