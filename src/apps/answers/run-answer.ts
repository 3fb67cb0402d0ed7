// Batch runs as answers.

import { z } from 'zod'

import type { RunStatus } from '../batch/runs.ts'
import type { RunRow } from '../../flows/tell-history.ts'
import { answerOfTraining, trainingAnswer } from './knowledge-answer.ts'

const difference = z.object({
  what: z.enum(['merge', 'split']),
  profiles: z.array(z.string()).describe('the live profiles concerned, the largest part first'),
  members: z.int().describe('identifiers that change their profile'),
  reason: z.string(),
})

const outcome = z.object({
  run: z.int().nullable().describe('its number; null for a dry run'),
  up_to: z.int().describe('position of the log up to which it read'),
  identifiers: z.int(),
  profiles: z.int(),
  confirmed: z.int().describe('profiles confirmed that were not before'),
  decided_anew: z.int().describe('identifiers the run saw otherwise than the live path'),
  awaiting: z.int().describe('neighbourhoods decided that had been too large to decide live'),
  merges: z.int().describe('profiles that gave way to others, or would'),
  splits: z.int().describe('parts that left their profile, or would'),
  moves: z.int().describe('identifiers that changed their profile, or would'),
  largest: z.array(difference),
  notices: z
    .array(z.string())
    .describe('what to know of it, such as damage that it passed over; only for role admin'),
})

export const runAnswer = z.object({
  state: z.enum(['running', 'done', 'failed']),
  dry_run: z.boolean(),
  learn: z.boolean().describe('it only learns: then it has no outcome'),
  started_at: z.iso.datetime(),
  stages: z.array(
    z.object({
      name: z.string(),
      rows: z.int().nullable().describe('null while it is under way'),
      seconds: z.number().nullable(),
    }),
  ),
  outcome: outcome.nullable(),
  training: trainingAnswer
    .nullable()
    .describe(
      'what it learned, or why the model is not used; null where nothing was to be learned',
    ),
  error: z.string().nullable().describe('why it failed; the reason itself only for role admin'),
})
export type RunAnswer = z.output<typeof runAnswer>

const pastRun = z.object({
  run: z.int(),
  started_at: z.iso.datetime(),
  seconds: z.number(),
  up_to: z.int(),
  policy_version: z.string(),
  identifiers: z.int(),
  profiles: z.int(),
  confirmed: z.int(),
  merges: z.int(),
  splits: z.int(),
  moves: z.int(),
  awaiting: z.int(),
})

export const runsAnswer = z.object({
  latest: runAnswer.nullable().describe('the latest of this server: under way, done or failed'),
  at_hours: z
    .array(z.int())
    .describe('hours of the day, UTC, at which the server begins runs by itself'),
  runs: z.array(pastRun).describe('published runs, the latest first'),
})
export type RunsAnswer = z.output<typeof runsAnswer>

export const wantedRun = z
  .strictObject({
    dry_run: z
      .boolean()
      .default(false)
      .describe('true: change nothing, only tell what would change'),
    learn: z
      .boolean()
      .default(false)
      .describe(
        'true: only learn, by the active policy, and go by that from then on; publish nothing',
      ),
    settings: z
      .record(z.string(), z.unknown())
      .nullable()
      .default(null)
      .describe('a configuration, which the run makes the active policy; null: the active one'),
  })
  .prefault({})
export type WantedRun = z.input<typeof wantedRun>

const instant = (ms: number): string => new Date(ms).toISOString()

export function answerOfRun(status: RunStatus): RunAnswer {
  const { state, dryRun, learn, startedAt, stages, training, error } = status
  return {
    state,
    dry_run: dryRun,
    learn,
    started_at: instant(startedAt),
    stages: stages.map(({ name, rows, seconds }) => ({ name, rows, seconds })),
    outcome: status.outcome && answerOfOutcome(status.outcome),
    training: training && answerOfTraining(training),
    error,
  }
}

function answerOfOutcome(done: NonNullable<RunStatus['outcome']>): z.output<typeof outcome> {
  const { run, upTo, identifiers, profiles, confirmed, doubtful, awaiting, differences, notices } =
    done
  const { merges, splits, moves, largest } = differences
  return {
    run,
    up_to: upTo,
    identifiers,
    profiles,
    confirmed,
    decided_anew: doubtful,
    awaiting,
    merges,
    splits,
    moves,
    largest: largest.map((one) => ({ ...one, profiles: [...one.profiles] })),
    notices: [...notices],
  }
}

export function answerOfPastRun(row: RunRow): RunsAnswer['runs'][number] {
  return { ...row, started_at: instant(row.started_at) }
}
