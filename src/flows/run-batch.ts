// A batch run: everything computed again from the log up to a position, held against the live profiles, put right and
// published. Invariant: nothing is written to the live graph but by its resolver, and readers see a run whole or not at all.

import type { Key } from '../core/identifier/identifier.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Confirmed } from '../core/profile/confirm.ts'
import type { MintId } from '../core/profile/profile-id.ts'
import { standingOf, type Standing } from '../batch/decrees.ts'
import { DECISIONS_SQL, decidedOf } from '../batch/stages/decisions.ts'
import { partition, type Partition } from '../batch/partition.ts'
import { inStage, makeStages, type Told } from '../batch/stage.ts'
import { CLASH_SQL } from '../batch/stages/log.ts'
import { eventStages } from '../batch/stages/events.ts'
import { profileStages } from '../batch/stages/profiles.ts'
import {
  DOUBTFUL_SQL,
  namedStage,
  overlapStages,
  TO_CONFIRM_SQL,
  UNNAMED_SQL,
} from '../batch/stages/reconcile.ts'
import { publishedTables } from '../batch/stages/tables.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import type { Position } from '../ports/event-log.ts'
import type { Membership } from '../ports/identity-store.ts'
import type { Draft, Warehouse } from '../ports/warehouse.ts'

/** The live graph as a run needs it. */
export interface LiveProfiles {
  membership(): Promise<Membership>
  /** Decides members anew. */
  decideAgain(members: readonly Key[]): Promise<void>
  /** Confirms profiles that have not changed; how many. */
  confirm(profiles: readonly Confirmed[]): Promise<number>
  /** Decides what was too large to decide live; how many components that were. */
  decideWaiting(): Promise<number>
  /** Everything decided so far is stored. */
  flush(): Promise<void>
}

export interface RunParts {
  readonly engine: BatchEngine
  readonly warehouse: Warehouse
  /** The log up to `upTo` as columns, parted at the cuts. */
  readonly columns: (cuts: readonly Position[]) => Promise<readonly LogColumns[]>
  readonly upTo: Position
  readonly policy: Policy
  /** Null: there is no live graph; profiles are named as a fresh system would. */
  readonly live: LiveProfiles | null
  readonly mint: MintId
  readonly told: Told
  /** Everything but writing: neither the live graph nor the warehouse is changed. */
  readonly dryRun: boolean
}

/** What a run found and did. */
export interface RunOutcome {
  /** Null for a dry run. */
  readonly run: number | null
  readonly upTo: Position
  readonly identifiers: number
  readonly profiles: number
  /** Members that the resolver's own code decided. */
  readonly contested: number
  /** Profiles that are now confirmed and were not before. */
  readonly confirmed: number
  /** Members of profiles that the run sees otherwise than the live path did. */
  readonly doubtful: number
  /** Of these, members whose profile still differs: they have newer facts than the run looked at. */
  readonly newer: number
  /** Components that the live path had left to the batch. */
  readonly awaiting: number
}

/** Members that are decided anew, and profiles that are confirmed, before the next are stored. */
const DECIDED_AT_ONCE = 1_000
const CONFIRMED_AT_ONCE = 5_000

export async function runBatch(parts: RunParts): Promise<RunOutcome> {
  const { engine, policy, told } = parts
  const { columns, standing } = await readLog(parts)
  const found = await partition(engine, { parts: columns, standing, policy }, told)
  const reconciled = await reconcile(parts)
  await nameProfiles(parts)
  const draft = parts.dryRun ? null : await parts.warehouse.begin()
  try {
    const profiles = await describe(parts, columns)
    if (draft !== null) await publish(parts, columns, draft)
    return { run: draft?.run ?? null, upTo: parts.upTo, profiles, ...counted(found), ...reconciled }
  } catch (cause) {
    if (draft !== null) await parts.warehouse.discard(draft).catch(() => undefined)
    throw cause
  }
}

function counted({
  identifiers,
  contested,
}: Partition): Pick<RunOutcome, 'identifiers' | 'contested'> {
  return { identifiers, contested }
}

interface LogRead {
  readonly columns: readonly LogColumns[]
  readonly standing: Standing
}

async function readLog({ engine, columns, told }: RunParts): Promise<LogRead> {
  told('log', null)
  const whole = await columns([])
  const [clash] = await engine.rows(
    CLASH_SQL(
      engine.dialect,
      whole.map((part) => part.identifiers),
    ),
  )
  if (clash !== undefined)
    throw new Error(`two identifiers have one number: ${String(clash['a'])}, ${String(clash['b'])}`)
  const rows = await engine.rows(
    DECISIONS_SQL(
      engine.dialect,
      whole.map((part) => part.events),
    ),
  )
  const standing = standingOf(rows.map(decidedOf))
  told('log', whole.at(-1)?.last ?? 0)
  return { columns: standing.cuts.length === 0 ? whole : await columns(standing.cuts), standing }
}

type Reconciled = Pick<RunOutcome, 'confirmed' | 'doubtful' | 'newer' | 'awaiting'>

/** Confirms what is the same, has the rest decided anew, and leaves the tables as the live graph is then. */
async function reconcile(parts: RunParts): Promise<Reconciled> {
  const { engine, live, told, dryRun } = parts
  told('reconcile', null)
  const awaiting = live === null || dryRun ? 0 : await live.decideWaiting()
  await putMembership(engine, (await live?.membership()) ?? null)
  await makeStages(engine, overlapStages, quiet)
  const doubtful = live === null ? [] : await engine.rows(DOUBTFUL_SQL)
  let newer = 0
  if (live !== null && !dryRun && doubtful.length > 0) {
    for (let at = 0; at < doubtful.length; at += DECIDED_AT_ONCE) {
      const some = doubtful.slice(at, at + DECIDED_AT_ONCE)
      await live.decideAgain(some.map(({ key }) => String(key)))
      await live.flush()
    }
    await putMembership(engine, await live.membership())
    await makeStages(engine, overlapStages, quiet)
    newer = (await engine.rows(DOUBTFUL_SQL)).length
  }
  const confirmed = live === null || dryRun ? 0 : await confirmAll(engine, live)
  told('reconcile', confirmed + doubtful.length)
  return { confirmed, doubtful: doubtful.length, newer, awaiting }
}

const quiet: Told = () => undefined

async function confirmAll(engine: BatchEngine, live: LiveProfiles): Promise<number> {
  const rows = await engine.rows(TO_CONFIRM_SQL)
  let confirmed = 0
  for (let at = 0; at < rows.length; at += CONFIRMED_AT_ONCE) {
    const some = rows.slice(at, at + CONFIRMED_AT_ONCE)
    confirmed += await live.confirm(
      some.map(({ profile, revision }) => ({
        profile: String(profile),
        revision: Number(revision),
      })),
    )
    await live.flush()
  }
  return confirmed
}

async function putMembership(engine: BatchEngine, membership: Membership | null): Promise<void> {
  const { members, profileOf, ids, confirmed, revisions, weakest } = membership ?? NOBODY
  await engine.put('live_member', { id: members, profile: profileOf })
  await engine.put('live_profile', {
    profile: Int32Array.from(ids, (_, i) => i),
    profile_id: ids,
    confirmed: Int32Array.from(confirmed),
    revision: revisions,
    weakest,
  })
}

const NOBODY: Omit<Membership, 'position'> = {
  members: new BigInt64Array(0),
  profileOf: new Int32Array(0),
  ids: [],
  confirmed: new Uint8Array(0),
  revisions: new Int32Array(0),
  weakest: new Int32Array(0),
}

/** Makes `profile_name`: grp, profile_id. */
async function nameProfiles({ engine, mint }: RunParts): Promise<void> {
  await makeStages(engine, [namedStage], quiet)
  const unnamed = await engine.rows(UNNAMED_SQL)
  const taken = new Set<string>()
  if (unnamed.length > 0)
    for (const { id } of await engine.rows('SELECT profile_id AS id FROM live_profile'))
      taken.add(String(id))
  const ids = unnamed.map(({ key }) => {
    for (let attempt = 0; ; attempt++) {
      const id = mint(String(key), attempt)
      if (taken.has(id)) continue
      taken.add(id)
      return id
    }
  })
  await engine.put('minted', {
    grp: Int32Array.from(unnamed, ({ grp }) => Number(grp)),
    profile_id: ids,
  })
  await engine.make(
    'profile_name',
    `SELECT n.grp AS grp, coalesce(p.profile_id, m.profile_id) AS profile_id
    FROM named n LEFT JOIN live_profile p ON p.profile = n.profile LEFT JOIN minted m ON m.grp = n.grp`,
  )
}

/** How many profiles. */
async function describe(
  { engine, policy, told }: RunParts,
  columns: readonly LogColumns[],
): Promise<number> {
  const { sessionGapMinutes } = policy
  let profiles = 0
  await makeStages(engine, profileStages(policy), (stage, rows) => {
    if (stage === 'profile' && rows !== null) profiles = rows
    told(stage, rows)
  })
  await makeStages(engine, eventStages({ parts: columns, sessionGapMinutes }), told)
  return profiles
}

async function publish(
  { engine, warehouse, policy, told }: RunParts,
  parts: readonly LogColumns[],
  draft: Draft,
): Promise<void> {
  const { run } = draft
  for (const { table, sql } of publishedTables({ run, policyVersion: policy.version, parts })) {
    told(`table ${table}`, null)
    const text = sql(engine.dialect)
    const write = (): Promise<number> => engine.write(text, draft.directoryOf(table))
    told(`table ${table}`, await inStage(`table ${table}`, text, write))
  }
  await warehouse.publish(draft)
}
