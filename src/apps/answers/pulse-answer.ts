// How an account is doing at this instant: what a view that is open may ask every second.
// Invariant: it counts nothing, it reads what is counted already; and it names no file, no person and no message.

import { z } from 'zod'

import type { EventLog } from '../../ports/event-log.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError, type StoreErrorCode } from '../../ports/store-error.ts'
import type { Resolver } from '../../flows/resolver.ts'
import type { RunStatus } from '../batch/runs.ts'

const count = z.int().min(0)

export const pulseAnswer = z.object({
  at: z.iso.datetime(),
  log_records: count.describe('messages in the log, and the few decisions'),
  applied: count.describe('of these, those whose profiles are decided'),
  identifiers: count,
  profiles: count.describe('ids that gave way to others are left out'),
  edges: count,
  questions: count.describe('open ones'),
  waiting: count.describe('neighbourhoods too large to be decided at once'),
  run: z
    .object({
      state: z.enum(['running', 'done', 'failed']),
      stage: z.string().nullable().describe('the one under way; null where none is'),
      started_at: z.iso.datetime(),
      dry_run: z.boolean(),
    })
    .nullable()
    .describe('the latest of this server; null before the first'),
  problem: z.string().nullable().describe('why the graph could not be written of late'),
})
export type PulseAnswer = z.output<typeof pulseAnswer>

/** What of an account a pulse is read from. */
export interface Beating {
  readonly log: Pick<EventLog, 'end'>
  readonly store: Pick<IdentityStore, 'counts'>
  readonly resolver: Pick<Resolver, 'applied'>
  readonly runs: { readonly latest: RunStatus | null }
  readonly flushFailure: () => unknown
}

/** @param now ms since the epoch */
export async function pulseOf(account: Beating, now: number): Promise<PulseAnswer> {
  const { identifiers, profiles, edges, questions, waiting } = await account.store.counts()
  const { latest } = account.runs
  return {
    at: new Date(now).toISOString(),
    log_records: account.log.end(),
    applied: account.resolver.applied,
    identifiers,
    profiles,
    edges,
    questions,
    waiting,
    run: latest && answerOfLatest(latest),
    problem: problemWords(account.flushFailure()),
  }
}

function answerOfLatest({ state, stages, startedAt, dryRun }: RunStatus): PulseAnswer['run'] {
  const underWay = state === 'running' ? stages.findLast(({ rows }) => rows === null) : undefined
  return {
    state,
    stage: underWay?.name ?? null,
    started_at: new Date(startedAt).toISOString(),
    dry_run: dryRun,
  }
}

/** The store's own words name files. */
const PROBLEMS: Readonly<Record<StoreErrorCode, string>> = {
  full: 'the disk is full',
  read_only: 'the disk cannot be written to',
  locked: 'another process has the graph open',
  newer_version: 'the graph was written by a newer version',
  corrupt: 'the file of the graph is damaged',
  unavailable: 'the disk does not answer',
  closed: 'the graph is closed',
}

function problemWords(failure: unknown): string | null {
  if (failure === null) return null
  const why = failure instanceof StoreError ? PROBLEMS[failure.code] : 'for an unforeseen reason'
  return `the graph cannot be written: ${why}; nothing is lost, the log has it`
}
