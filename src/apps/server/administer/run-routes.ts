// Batch runs: begun, and how they go.

import { z } from 'zod'

import { parseSettings, settingsOfAccount, type Settings } from '../../../core/index.ts'
import { mayAs } from '../../access/access.ts'
import { noAnswer } from '../../answers/look-ups.ts'
import {
  answerOfPastRun,
  answerOfRun,
  runAnswer,
  type RunAnswer,
  runsAnswer,
  wantedRun,
} from '../../answers/run-answer.ts'
import { NO_BODY, type Route, route } from '../ask/route.ts'

const LEARNS_BY_ACTIVE =
  'learn: it goes by the active policy, and keeps what it learns: leave out dry_run and settings'

export const runRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/runs',
    operation: 'listRuns',
    summary: 'Batch runs: the latest of this server with its stages, and all that were published',
    role: 'reader',
    forSites: false,
    params: z.object({}),
    body: NO_BODY,
    answer: runsAnswer,
    ask: async ({ served: { runs }, caller: { role } }) => {
      const past = await runs.past()
      const latest = runs.latest && answerOfRun(runs.latest)
      return {
        ok: true,
        value: {
          latest: latest && (mayAs(role, 'admin') ? latest : withoutItsTrouble(latest)),
          at_hours: [...runs.atHours],
          runs: past.map(answerOfPastRun).toReversed(),
        },
      }
    },
  }),
  route({
    method: 'post',
    path: '/v1/runs',
    operation: 'startRun',
    summary:
      'Begins a batch run, or only learns (409 while one is under way); it goes on after the answer, and `GET /v1/runs` tells how',
    role: 'admin',
    forSites: false,
    params: z.object({}),
    body: wantedRun,
    answer: runAnswer,
    ask: ({ served: { runs, name }, body }) => {
      if (body.learn && (body.dry_run || body.settings !== null))
        return Promise.resolve(noAnswer(400, LEARNS_BY_ACTIVE))
      const settings = settingsOf(body.settings, name)
      if (typeof settings === 'string') return Promise.resolve(noAnswer(400, settings))
      const status = runs.start({ dryRun: body.dry_run, learn: body.learn, settings })
      return Promise.resolve(
        status === null
          ? noAnswer(409, 'a run is under way already')
          : { ok: true, value: answerOfRun(status) },
      )
    },
  }),
]

const FAILED = 'it failed; a token of role admin is told why'

/** Why a run failed may quote messages, and what it had to pass over names files: both are for administrators. */
function withoutItsTrouble({ outcome, error, ...rest }: RunAnswer): RunAnswer {
  return { ...rest, outcome: outcome && { ...outcome, notices: [] }, error: error && FAILED }
}

/** What is wrong with them, in words. */
function settingsOf(posted: object | null, account: string): Settings | null | string {
  if (posted === null) return null
  const parsed = parseSettings(posted)
  if (parsed.ok) return settingsOfAccount(parsed.settings, account)
  return `settings: ${parsed.problems.map(({ message }) => message).join('; ')}`
}
