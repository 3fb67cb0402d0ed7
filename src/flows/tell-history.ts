// What happened, as tables: every change of a profile, every open question and verdict, every run.
// Invariant: a line of lineage is told by each run after the one that told it first, with that one's number.

import type { QuestionRecord, VerdictRecord } from '../core/profile/view/records.ts'
import { numberOf } from '../core/identifier/identifier.ts'
import { confidenceOf } from '../core/policy/evidence-unit.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import { openQuestions, type Questioned } from './open-questions.ts'
import type { StoredChange } from '../ports/identity-store.ts'

/** What the live graph remembers. */
export interface Remembered extends Questioned {
  changes(after: number, limit: number): Promise<readonly StoredChange[]>
}

/** A run as the table of runs has it. Times are ms, `seconds` without the publication itself. */
export interface RunRow {
  readonly run: number
  readonly started_at: number
  readonly seconds: number
  readonly up_to: number
  readonly policy_version: string
  readonly identifiers: number
  readonly profiles: number
  readonly confirmed: number
  readonly merges: number
  readonly splits: number
  readonly moves: number
  readonly awaiting: number
}

const CHANGES_AT_ONCE = 20_000

/** The lineage that the last run has told. */
export interface FormerLineage {
  readonly run: number
  readonly files: readonly string[]
}

export interface LineageTold {
  /** How many changes it has. */
  readonly changes: number
  /** What is to be said of it. */
  readonly notices: readonly string[]
}

/**
 * `lineage_now`: sequence, profile_id, event, revision, from_ids, at, reason, run_id. Where the former one cannot be read,
 * all that the live graph remembers is told anew.
 */
export async function tellLineage(
  engine: BatchEngine,
  remembered: Remembered | null,
  former: FormerLineage | null,
  run: number,
): Promise<LineageTold> {
  const notices = await readFormer(engine, former)
  const [last] = await engine.rows<{ n: number }>(
    'SELECT CAST(coalesce(max(sequence), 0) AS DOUBLE) AS n FROM lineage',
  )
  await engine.put('change', changeColumns([]))
  if (remembered !== null) await putChanges(engine, remembered, last?.n ?? 0)
  const changes = await engine.make(
    'lineage_now',
    `SELECT l.sequence, l.profile_id, l.event, l.revision, l.from_ids, l.at, l.reason, l.run_id FROM lineage l
    UNION ALL
    SELECT sequence, profile_id, event, CAST(revision AS BIGINT),
      CASE WHEN from_ids = '' THEN ${engine.dialect.noTexts} ELSE split(from_ids, ' ') END,
      ${engine.dialect.timestamp('at_ms')}, reason, CAST(${run} AS BIGINT) FROM change`,
  )
  await engine.drop('change')
  await engine.drop('lineage')
  return { changes, notices }
}

async function readFormer(
  engine: BatchEngine,
  former: FormerLineage | null,
): Promise<readonly string[]> {
  if (former !== null)
    try {
      if (former.files.length === 0) throw new Error('it has no files')
      await engine.make(
        'lineage',
        `SELECT l.sequence, l.profile_id, l.event, l.revision, l.from_ids, l.at, l.reason, l.run_id FROM ${engine.dialect.parquet(former.files)} l`,
      )
      return []
    } catch (cause) {
      await engine.make('lineage', EMPTY_LINEAGE)
      const [why = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
      return [
        `the lineage that run ${former.run} published cannot be read (${why}); all that is known of it is told anew, as of this run`,
      ]
    }
  await engine.make('lineage', EMPTY_LINEAGE)
  return []
}

async function putChanges(
  engine: BatchEngine,
  remembered: Remembered,
  told: number,
): Promise<void> {
  for (let after = told; ;) {
    const page = await remembered.changes(after, CHANGES_AT_ONCE)
    const end = page.at(-1)
    if (end === undefined) return
    await engine.add('change', changeColumns(page))
    after = end.sequence
  }
}

const EMPTY_LINEAGE = `SELECT CAST(0 AS BIGINT) AS sequence, '' AS profile_id, '' AS event, CAST(0 AS BIGINT) AS revision,
  split('', ' ') AS from_ids, CAST('1970-01-01 00:00:00' AS TIMESTAMP) AS at, '' AS reason, CAST(0 AS BIGINT) AS run_id
  WHERE 1 = 0`

function changeColumns(changes: readonly StoredChange[]) {
  return {
    sequence: BigInt64Array.from(changes, ({ sequence }) => BigInt(sequence)),
    profile_id: changes.map(({ profile }) => profile),
    event: changes.map(({ event }) => event),
    revision: Int32Array.from(changes, ({ revision }) => revision),
    from_ids: changes.map(({ from }) => from.join(' ')),
    at_ms: BigInt64Array.from(changes, ({ at }) => BigInt(Math.trunc(at))),
    reason: changes.map(({ reason }) => reason),
  }
}

/** `review`: id, status, a_id, b_id (numbers of the founders), guard, reason, confidence_ppm, scored_by, worth, author, at_ms. */
export async function tellReviews(
  engine: BatchEngine,
  remembered: Remembered | null,
  verdicts: readonly VerdictRecord[],
): Promise<void> {
  const rows: ReviewRow[] = verdicts.map(decided)
  if (remembered !== null)
    for await (const question of openQuestions(remembered)) rows.push(open(question))
  const texts = (name: keyof ReviewRow): readonly string[] => rows.map((row) => String(row[name]))
  await engine.put('review', {
    review_id: texts('id'),
    status: texts('status'),
    a_id: BigInt64Array.from(rows, ({ a }) => numberOf(a)),
    b_id: BigInt64Array.from(rows, ({ b }) => numberOf(b)),
    guard: texts('guard'),
    reason: texts('reason'),
    confidence_ppm: Int32Array.from(rows, ({ ppm }) => ppm),
    scored_by: texts('scoredBy'),
    worth: BigInt64Array.from(rows, ({ worth }) => BigInt(worth)),
    author: texts('author'),
    at_ms: BigInt64Array.from(rows, ({ at }) => BigInt(Math.trunc(at))),
  })
}

interface ReviewRow {
  readonly id: string
  readonly status: 'open' | 'same' | 'different'
  readonly a: string
  readonly b: string
  readonly guard: string
  readonly reason: string
  readonly ppm: number
  /** Empty for fixed rules. */
  readonly scoredBy: string
  readonly worth: number
  readonly author: string
  readonly at: number
}

const PPM = 1_000_000

function open(question: QuestionRecord): ReviewRow {
  const { id, a, b, guard, reason, evidence, worth } = question
  const ppm = Math.round(confidenceOf(evidence) * PPM)
  const scoredBy = question.scoredBy ?? ''
  return { id, status: 'open', a, b, guard, reason, ppm, scoredBy, worth, author: '', at: 0 }
}

function decided({ id, verdict, a, b, at, author, note }: VerdictRecord): ReviewRow {
  const [first = '', second = ''] = [a[0], b[0]]
  const none = { guard: '', ppm: 0, scoredBy: '', worth: 0 }
  return { id, status: verdict, a: first, b: second, reason: note, author, at, ...none }
}

export async function tellRuns(engine: BatchEngine, runs: readonly RunRow[]): Promise<void> {
  const whole = (name: keyof RunRow): BigInt64Array =>
    BigInt64Array.from(runs, (row) => BigInt(Math.trunc(Number(row[name]))))
  await engine.put('past_run', {
    run_id: whole('run'),
    started_ms: whole('started_at'),
    took_ms: BigInt64Array.from(runs, ({ seconds }) => BigInt(Math.round(seconds * 1_000))),
    up_to: whole('up_to'),
    policy_version: runs.map(({ policy_version: version }) => version),
    identifiers: whole('identifiers'),
    profiles: whole('profiles'),
    confirmed: whole('confirmed'),
    merges: whole('merges'),
    splits: whole('splits'),
    moves: whole('moves'),
    awaiting: whole('awaiting'),
  })
}
