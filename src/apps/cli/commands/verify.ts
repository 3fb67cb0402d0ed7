// `verify`: the graph of a data directory against a rebuild from its log, in a place that is thrown away afterwards.
// Beside a running writer it looks at a copy, so that nothing moves meanwhile.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { verifyGraph, type Verification, type VerifyParts } from '../../../flows/verify-graph.ts'
import type { IdentityStore } from '../../../ports/identity-store.ts'
import { readActivePolicy } from '../../account/active-policy.ts'
import type { Account } from '../../account/account.ts'
import { idsWith } from '../../account/secret.ts'
import { copyGraph, logUpTo, openScratchGraph } from '../../account/stores.ts'
import { UserError } from '../../user-error.ts'
import { DONE, FAILED, type Invocation } from '../invocation.ts'
import { withReader } from '../reach-data.ts'
import { count, counted } from '../terminal/numbers.ts'
import { progressLine } from '../terminal/progress.ts'
import type { Terminal } from '../terminal/terminal.ts'

export async function verify(invocation: Invocation): Promise<number> {
  const verification = await withReader(invocation, (account) => inScratch(invocation, account))
  const { terminal, json } = invocation
  const ok = verification.settled && verification.differences.length === 0
  if (json) terminal.say(JSON.stringify({ ok, ...verification }))
  else sayVerification(terminal, verification)
  return ok ? DONE : FAILED
}

interface Verified extends Verification {
  /** All was decided by the active policy. */
  readonly settled: boolean
}

async function inScratch(invocation: Invocation, account: Account): Promise<Verified> {
  const scratchDirectory = await mkdtemp(join(tmpdir(), 'selfsame-verify-'))
  const open: IdentityStore[] = []
  try {
    const { graphPlace: place } = account
    const copied = place.kind === 'sqlite' ? join(scratchDirectory, 'graph.db') : null
    if (copied !== null && place.kind === 'sqlite') copyGraph(place.file, copied)
    const graph = copied === null ? account.store : openScratchGraph(copied)
    if (copied !== null) open.push(graph)
    const scratch = openScratchGraph(join(scratchDirectory, 'rebuilt.db'))
    open.push(scratch)
    const settled = await isSettled(account)
    const verification = await compare(invocation, account, { graph, scratch, settled })
    return { settled, ...verification }
  } finally {
    for (const store of open) await store.close()
    await rm(scratchDirectory, { recursive: true, force: true })
  }
}

/** Whether the graph that was copied holds only what the active policy decided: a run may have changed that meanwhile. */
async function isSettled({ active, layout }: Account): Promise<boolean> {
  const now = await readActivePolicy(layout.policyFile, null)
  return active.settled && now?.settled === true && now.record === active.record
}

async function compare(
  { terminal }: Invocation,
  { log, active, secret, store, resolver }: Account,
  { graph, scratch, settled }: Pick<VerifyParts, 'graph' | 'scratch' | 'settled'>,
): Promise<Verification> {
  const isCopy = graph !== store
  if (!isCopy) await resolver.flush()
  const end = isCopy ? await graph.position('log') : resolver.applied
  const fed = await graph.feedEnd()
  const progress = progressLine(terminal, 'replaying', 'records')
  const verification = await verifyGraph({
    log: logUpTo(log, end),
    graph,
    scratch,
    policy: active.policy,
    settled,
    ids: idsWith(secret),
    replayed: (position) => progress.update(position, end === 0 ? 1 : position / end),
  })
  progress.end()
  if (!isCopy && ((await graph.feedEnd()) !== fed || log.end() !== end))
    throw new UserError('the graph has moved on while it was looked at', {
      hint: 'What several processes write is compared as it stands: try again when no messages arrive.',
    })
  return verification
}

function sayVerification(terminal: Terminal, verification: Verified): void {
  const { records, identifiers, profiles, changes, waiting, differences, settled } = verification
  const seen = `${counted(records, 'record')} replayed; ${counted(identifiers, 'identifier')}, ${counted(profiles, 'profile')} and ${counted(changes, 'change')} compared`
  if (!settled) {
    terminal.say(
      `${terminal.paint('red', 'Not all profiles are decided yet by the active policy and what was learned last')}: whose an identifier is was not compared. Run \`selfsame resolve\`.`,
    )
  } else if (waiting > 0) {
    terminal.say(`${counted(waiting, 'identifier')} await the batch and were not compared.`)
  }
  if (differences.length === 0) {
    const well = settled ? terminal.paint('green', 'All is well') : 'Nothing else'
    terminal.say(`${well}: ${seen}.`)
    return
  }
  terminal.say(
    `${terminal.paint('red', `${count(differences.length)} differences`)}, the first of them; ${seen}.`,
  )
  for (const { what, detail } of differences) terminal.say(`  ${what}: ${detail}`)
}
