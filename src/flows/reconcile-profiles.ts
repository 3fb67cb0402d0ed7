// The partition of a run against the live profiles: what is the same is confirmed, what is not is decided anew by the
// resolver, which knows newer facts as well. Invariant: a run that is repeated finds nothing to do.

import type { Key } from '../core/identifier/identifier.ts'
import type { Confirmed } from '../core/profile/view/confirm.ts'
import { type MintId, MINT_ATTEMPTS_MAX } from '../core/profile/profile-id.ts'
import type { Refusal } from '../core/profile/stage-a.ts'
import { type Differences, findDifferences } from '../batch/differences.ts'
import { inStage, makeStages, quiet, type Told } from '../batch/stage.ts'
import {
  doubtfulSql,
  founderStage,
  mintedStage,
  mintedTable,
  namedStage,
  overlapStages,
  profileNameStage,
  TO_CONFIRM_SQL,
} from '../batch/stages/reconcile.ts'
import type { Asking } from './ask-alike.ts'
import type { Remembered } from './tell-history.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { Membership } from '../ports/identity-store.ts'

/** The live graph as a run needs it. */
export interface LiveProfiles extends Remembered, Asking {
  membership(): Promise<Membership>
  /** Decides members anew. */
  decideAgain(members: readonly Key[]): Promise<void>
  /** Confirms profiles that have not changed; how many. */
  confirm(profiles: readonly Confirmed[]): Promise<number>
  /** Decides what was too large to decide live; how many components that were. */
  decideWaiting(): Promise<number>
}

/** Members that are decided anew, and profiles that are confirmed, before the next are stored. */
const DECIDED_AT_ONCE = 1_000
const CONFIRMED_AT_ONCE = 5_000

export interface ReconcileParts {
  readonly engine: BatchEngine
  readonly policy: Policy
  /** Null: there is no live graph; profiles are named as a fresh system would. */
  readonly live: LiveProfiles | null
  /** Makes what the run decides by the active policy and knowledge. */
  readonly activate: () => Promise<void>
  /** Told when every profile is decided by the run's policy. */
  readonly settle: () => Promise<void>
  readonly told: Told
  /** Everything but writing: neither the live graph nor the warehouse is changed. */
  readonly dryRun: boolean
}

export interface Reconciled {
  /** Profiles that are now confirmed and were not before. */
  readonly confirmed: number
  /** Members of profiles that the run sees otherwise than the live path did. */
  readonly doubtful: number
  /** Of these, members whose profile still differs: they have newer facts than the run looked at. */
  readonly newer: number
  /** Components that the live path had left to the batch. */
  readonly awaiting: number
  /** What the run sees otherwise than the live path did, before anything was decided anew. */
  readonly differences: Differences
}

/** Confirms what is the same, has the rest decided anew, and leaves the tables as the live graph is then. */
export async function reconcile(
  { engine, live, told, dryRun, activate, settle, policy }: ReconcileParts,
  refusals: readonly Refusal[],
): Promise<Reconciled> {
  if (!dryRun) await activate()
  let awaiting = live === null || dryRun ? 0 : await live.decideWaiting()
  await compare(engine, live, told)
  const differences = await findDifferences(engine, policy, refusals)
  const doubtful = live === null ? [] : await doubtfulMembers(engine, policy.account)
  told('comparison', doubtful.length)
  let newer = 0
  if (live !== null && !dryRun && doubtful.length > 0) {
    told('decided again', null)
    for (let at = 0; at < doubtful.length; at += DECIDED_AT_ONCE) {
      const some = doubtful.slice(at, at + DECIDED_AT_ONCE)
      await live.decideAgain(some.map(({ key }) => key))
      await live.flush()
    }
    // Under another policy or newer facts some of these may have been too large to decide at once.
    awaiting += await live.decideWaiting()
    told('decided again', doubtful.length)
    await compare(engine, live, told)
    newer = (await doubtfulMembers(engine, policy.account)).length
    told('comparison', newer)
  }
  if (!dryRun) await settle()
  told('confirmed', null)
  const confirmed = live === null || dryRun ? 0 : await confirmAll(engine, live)
  told('confirmed', confirmed)
  return { confirmed, doubtful: doubtful.length, newer, awaiting, differences }
}

/** Begins the stage `comparison`; who compares ends it. */
async function compare(engine: BatchEngine, live: LiveProfiles | null, told: Told): Promise<void> {
  told('live profiles', null)
  const membership = (await live?.membership()) ?? NOBODY
  await putMembership(engine, membership)
  told('live profiles', membership.ids.length)
  told('comparison', null)
  await makeStages(engine, overlapStages, quiet)
}

function doubtfulMembers(engine: BatchEngine, account: string): Promise<readonly Doubtful[]> {
  return engine.rows<Doubtful>(doubtfulSql(engine.dialect, account))
}

interface Doubtful {
  readonly key: Key
}

async function confirmAll(engine: BatchEngine, live: LiveProfiles): Promise<number> {
  const rows = await engine.rows<Confirmed>(TO_CONFIRM_SQL)
  let confirmed = 0
  for (let at = 0; at < rows.length; at += CONFIRMED_AT_ONCE) {
    const some = rows.slice(at, at + CONFIRMED_AT_ONCE)
    confirmed += await live.confirm(some)
    await live.flush()
  }
  return confirmed
}

async function putMembership(
  engine: BatchEngine,
  { members, profileOf, ids, confirmed, revisions, weakest }: Omit<Membership, 'position'>,
): Promise<void> {
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

/** Makes `profile_name`: grp, profile_id; how many. */
export async function nameProfiles(
  engine: BatchEngine,
  account: string,
  { prefix }: MintId,
): Promise<number> {
  // Put, not written: a statement that fails is shown.
  await engine.put('minting', { prefix: [prefix] })
  await makeStages(engine, [namedStage, founderStage(account)], quiet)
  const attempts = await mintAll(engine)
  const { name, sql } = profileNameStage(attempts)
  const named = await engine.make(name, sql(engine.dialect))
  for (let i = 0; i < attempts; i++) await engine.drop(mintedTable(i))
  await engine.drop('minting')
  return named
}

/** How many attempts it took. */
async function mintAll(engine: BatchEngine): Promise<number> {
  const [founders] = await engine.rows<{ n: number }>(
    'SELECT CAST(count(*) AS DOUBLE) AS n FROM founder',
  )
  const wanted = founders?.n ?? 0
  let [minted, attempts] = [0, 0]
  while (minted < wanted) {
    if (attempts === MINT_ATTEMPTS_MAX)
      throw new Error(`${wanted - minted} profiles find no id that is free`)
    const { name, sql } = mintedStage(attempts++)
    const text = sql(engine.dialect)
    minted += await inStage(name, text, () => engine.make(name, text))
  }
  return attempts
}
