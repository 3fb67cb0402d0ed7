// `verify`: the graph of a data directory against a rebuild from its log, in a place that is thrown away afterwards.
// Beside a running writer it looks at a copy, so that nothing moves meanwhile.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { verifyGraph, type Verification } from '../../../flows/verify-graph.ts'
import type { IdentityStore } from '../../../ports/identity-store.ts'
import type { Account } from '../../account/open-account.ts'
import { idsWith } from '../../account/secret.ts'
import { copyGraph, logUpTo, openScratchGraph } from '../../account/stores.ts'
import { DONE, FAILED, type Invocation } from '../invocation.ts'
import { withReader } from '../reach-data.ts'
import { count, counted } from '../terminal/numbers.ts'
import { progressLine } from '../terminal/progress.ts'
import type { Terminal } from '../terminal/terminal.ts'

export async function verify(invocation: Invocation): Promise<number> {
  const verification = await withReader(invocation, (account) => inScratch(invocation, account))
  const { terminal, json } = invocation
  const ok = verification.differences.length === 0
  if (json) terminal.say(JSON.stringify({ ok, ...verification }))
  else sayVerification(terminal, verification)
  return ok ? DONE : FAILED
}

async function inScratch(invocation: Invocation, account: Account): Promise<Verification> {
  const scratchDirectory = await mkdtemp(join(tmpdir(), 'selfsame-verify-'))
  const open: IdentityStore[] = []
  try {
    const { graphFile } = account.layout
    const copy = join(scratchDirectory, 'graph.db')
    copyGraph(graphFile, copy)
    const graph = openScratchGraph(copy)
    open.push(graph)
    const scratch = openScratchGraph(join(scratchDirectory, 'rebuilt.db'))
    open.push(scratch)
    return await compare(invocation, account, graph, scratch)
  } finally {
    for (const store of open) await store.close()
    await rm(scratchDirectory, { recursive: true, force: true })
  }
}

async function compare(
  { terminal }: Invocation,
  { log, active, secret }: Account,
  graph: IdentityStore,
  scratch: IdentityStore,
): Promise<Verification> {
  const end = await graph.position('log')
  const progress = progressLine(terminal, 'replaying', 'records')
  const verification = await verifyGraph({
    log: logUpTo(log, end),
    graph,
    scratch,
    policy: active.policy,
    ids: idsWith(secret),
    replayed: (position) => progress.update(position, end === 0 ? 1 : position / end),
  })
  progress.end()
  return verification
}

function sayVerification(terminal: Terminal, verification: Verification): void {
  const { records, identifiers, profiles, changes, waiting, differences } = verification
  const seen = `${counted(records, 'record')} replayed; ${counted(identifiers, 'identifier')}, ${counted(profiles, 'profile')} and ${counted(changes, 'change')} compared`
  if (waiting > 0) {
    terminal.say(`${counted(waiting, 'identifier')} await the batch and were not compared.`)
  }
  if (differences.length === 0) {
    terminal.say(`${terminal.paint('green', 'All is well')}: ${seen}.`)
    return
  }
  terminal.say(
    `${terminal.paint('red', `${count(differences.length)} differences`)}, the first of them; ${seen}.`,
  )
  for (const { what, detail } of differences) terminal.say(`  ${what}: ${detail}`)
}
