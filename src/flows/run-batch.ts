// A batch run: everything computed again from the log up to a position, held against the live profiles, put right and
// published. Invariant: nothing is written to the live graph but by its resolver, and readers see a run whole or not at all.

import type { Policy } from '../core/policy/policy.ts'
import type { MintId } from '../core/profile/profile-id.ts'
import type { Learning, LearnedFromLog } from '../batch/learning/learn-from-log.ts'
import type { Training } from '../batch/learning/learn.ts'
import { partition } from '../batch/partition.ts'
import { inStage, makeStages } from '../batch/stage.ts'
import { type GoldenInput, goldenStages } from '../batch/stages/golden.ts'
import { type JourneysInput, makeJourneys } from '../batch/stages/journeys.ts'
import type { LogInput } from '../batch/stages/log.ts'
import { eventStages } from '../batch/stages/events.ts'
import { profileStages } from '../batch/stages/profiles.ts'
import { eventTables, journeyTables } from '../batch/published/events.ts'
import { historyTables } from '../batch/published/history.ts'
import { graphTables, peopleTables } from '../batch/published/people.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { Position } from '../ports/event-log.ts'
import type { Draft, Warehouse } from '../ports/warehouse.ts'
import { askAlike } from './ask-alike.ts'
import { type LogParts, readLog } from './read-log.ts'
import {
  nameProfiles,
  reconcile,
  type Reconciled,
  type ReconcileParts,
} from './reconcile-profiles.ts'
import {
  type FormerLineage,
  type RunRow,
  tellLineage,
  tellReviews,
  tellRuns,
} from './tell-history.ts'

export interface RunParts extends LogParts, Omit<ReconcileParts, 'activate'> {
  readonly warehouse: Warehouse
  readonly upTo: Position
  /** How to learn from the log; null: what the policy knows holds. */
  readonly learning: Learning | null
  /** Makes the run's policy and what it has learned the active ones; told whether it learned something. */
  readonly activate: (learned: LearnedFromLog | null) => Promise<void>
  readonly mint: MintId
  /** Of golden records. */
  readonly attributes: GoldenInput['attributes']
  readonly journeys: Omit<JourneysInput, 'parts'>
  /** ms */
  readonly startedAt: number
  readonly now: () => number
  readonly pastRuns: readonly RunRow[]
  /** Keeps the row for the runs after this one. It is published right after; one that then is not, never was. */
  readonly note: (row: RunRow) => Promise<void>
}

/** What a run found and did. */
export interface RunOutcome extends Reconciled {
  /** Null for a dry run. */
  readonly run: number | null
  /** What whoever keeps the installation should know; a sentence each. */
  readonly notices: readonly string[]
  readonly upTo: Position
  readonly identifiers: number
  readonly profiles: number
  /** Members that the resolver's own code decided. */
  readonly contested: number
  /** What was learned, or why not; null where nothing was to be. */
  readonly training: Training | null
}

export async function runBatch(parts: RunParts): Promise<RunOutcome> {
  const { engine, told, dryRun, warehouse, learning } = parts
  const { columns, standing } = await readLog(parts)
  const input = { parts: columns, standing, policy: parts.policy, learning }
  const found = await partition(engine, input, told)
  const { knowledge, training } = found
  const policy = { ...parts.policy, knowledge }
  const learned = training === null ? null : { knowledge, training }
  const draft = dryRun ? null : await warehouse.begin()
  try {
    const activate = (): Promise<void> => parts.activate(learned)
    const reconciling = { ...parts, policy, activate }
    const reconciled = await inStage('reconcile', null, () =>
      reconcile(reconciling, found.refusals),
    )
    told('names', null)
    const names = await inStage('names', null, () =>
      nameProfiles(engine, policy.account, parts.mint),
    )
    told('names', names)
    const log = { parts: columns, erased: standing.erased }
    const profiles = await describe({ ...parts, policy }, log)
    const { identifiers, contested } = found
    const { upTo, startedAt } = parts
    const counts = { upTo, identifiers, profiles, contested, training, ...reconciled }
    if (draft === null) return { run: null, notices: [], ...counts }
    const seconds = (parts.now() - startedAt) / 1_000
    const row = rowOf(draft.run, policy, startedAt, seconds, counts)
    await inStage('alike', null, () =>
      askAlike({ ...parts, policy, doubtful: found.doubtful }, log, standing),
    )
    told('history', null)
    const { changes, notices } = await inStage('history', null, async () => {
      await tellReviews(engine, parts.live, standing.verdicts)
      await tellRuns(engine, [...parts.pastRuns, row])
      return tellLineage(engine, parts.live, await formerLineage(warehouse), draft.run)
    })
    told('history', changes)
    await writeTables({ ...parts, policy }, log, draft)
    await parts.note(row)
    await warehouse.publish(draft)
    return { run: draft.run, notices, ...counts }
  } catch (cause) {
    if (draft !== null) await warehouse.discard(draft).catch(() => undefined)
    throw cause
  }
}

function rowOf(
  run: number,
  { version }: Policy,
  startedAt: number,
  seconds: number,
  outcome: Omit<RunOutcome, 'run' | 'notices'>,
): RunRow {
  const { upTo, identifiers, profiles, confirmed, awaiting, differences } = outcome
  const { merges, splits, moves } = differences
  return {
    run,
    started_at: startedAt,
    seconds,
    up_to: upTo,
    policy_version: version,
    identifiers,
    profiles,
    confirmed,
    merges,
    splits,
    moves,
    awaiting,
  }
}

async function formerLineage(warehouse: Warehouse): Promise<FormerLineage | null> {
  const run = await warehouse.current()
  return run === null ? null : { run, files: await warehouse.filesOf(run, 'lineage') }
}

/** Tables that only other stages of a description need; given back as soon as these are done. */
const OF_MEMBERS = ['number', 'member_slot', 'slot', 'crossing', 'member', 'day_edge', 'founder']
const OF_EVENTS = ['owner', 'naming', 'owned', 'shared_event']
const OF_GOLDEN = ['describing', 'described', 'said', 'golden_value']

/** How many profiles. */
async function describe(
  { engine, policy, attributes, journeys, told }: RunParts,
  log: LogInput,
): Promise<number> {
  const { sessionGapMinutes } = policy
  let profiles = 0
  await makeStages(engine, profileStages(policy), (stage, rows) => {
    if (stage === 'profile' && rows !== null) profiles = rows
    told(stage, rows)
  })
  await dropAll(engine, OF_MEMBERS)
  await makeStages(engine, eventStages({ ...log, sessionGapMinutes }), told)
  await dropAll(engine, OF_EVENTS)
  await makeStages(engine, goldenStages({ parts: log.parts, attributes }), told)
  await dropAll(engine, OF_GOLDEN)
  await makeJourneys(engine, { parts: log.parts, ...journeys }, told)
  return profiles
}

async function dropAll(engine: BatchEngine, tables: readonly string[]): Promise<void> {
  for (const table of tables) await engine.drop(table)
}

async function writeTables(
  { engine, policy, attributes, told }: RunParts,
  { parts }: LogInput,
  draft: Draft,
): Promise<void> {
  const { run } = draft
  const knowledgeVersion = policy.knowledge?.version ?? null
  const names = { run, policyVersion: policy.version, knowledgeVersion, attributes }
  const tables = [
    ...peopleTables(names),
    ...graphTables(names),
    ...eventTables(parts),
    ...journeyTables(),
    ...historyTables(),
  ]
  for (const { table, sql } of tables) {
    told(`table ${table}`, null)
    const text = sql(engine.dialect)
    const write = (): Promise<number> => engine.write(text, draft.directoryOf(table))
    told(`table ${table}`, await inStage(`table ${table}`, text, write))
  }
}
