// What a data directory holds, read from outside with nobody writing: its log, record by record, and its profiles.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import { openFileLogReader } from '../../src/adapters/file-log/index.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/index.ts'
import { mintWith } from '../../src/core/index.ts'
import type { IdentityStore, StoredChange } from '../../src/ports/identity-store.ts'
import type { StoredMessage } from '../../src/ports/event-log.ts'

const DATA = 'selfsame-data'
const ALL = 1_000_000

export const logOf = (cwd: string): string => join(cwd, DATA, 'log', 'default')
export const graphOf = (cwd: string): string => join(cwd, DATA, 'graph', 'default.db')
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The messages of the log. Asserts on the way that every position is there and no id is there twice. */
export async function messagesIn(cwd: string): Promise<readonly StoredMessage[]> {
  const reader = await openFileLogReader(logOf(cwd))
  try {
    const records = await reader.read(1, ALL)
    expect(records.map(({ position }) => position)).toEqual(
      Array.from({ length: reader.end() }, (_, i) => i + 1),
    )
    const messages = records.flatMap((record) => (record.kind === 'message' ? [record] : []))
    // One decision: the policy under which the log began.
    expect(messages.length).toBe(Math.max(0, records.length - 1))
    expect(new Set(messages.map(({ fact }) => fact.id)).size).toBe(messages.length)
    return messages
  } finally {
    await reader.close()
  }
}

/** Up to which record the graph is; 0 when there is none. */
export async function graphPosition(cwd: string): Promise<number> {
  return withGraph(cwd, (graph) => graph.position('log'))
}

async function withGraph<T>(cwd: string, work: (graph: IdentityStore) => Promise<T>): Promise<T> {
  const graph = openSqliteStore(graphOf(cwd), { readOnly: true })
  try {
    return await work(graph)
  } finally {
    await graph.close()
  }
}

/** Enough to tell from a failure how the profile came by its id. */
interface StrangelyNamed {
  readonly founder: string
  readonly id: string
  readonly foundersId: string
  /** Of both ids, oldest first. */
  readonly changes: readonly StoredChange[]
}

/** The profiles of a directory, told without the secret that its ids are made with. */
export interface Profiles {
  /** Founding member -> all members; keys, ascending. */
  readonly members: ReadonlyMap<string, readonly string[]>
  /**
   * Profiles that have not the id of their founding member, with what happened to them. Left out are profiles that were
   * ever part of a split: who keeps an id then depends on what was decided together, and that on the speed of the machine.
   */
  readonly strangelyNamed: readonly StrangelyNamed[]
  /** Ids that were ever part of a split. */
  readonly split: number
}

export async function profilesIn(cwd: string): Promise<Profiles> {
  const secret = (await readFile(join(cwd, DATA, 'secret'), 'utf8')).trim()
  const mint = mintWith(digest, secret)
  return withGraph(cwd, async (graph) => {
    expect((await graph.counts()).waiting).toBe(0)
    const split = new Set<string>()
    const changes = await graph.changes(0, ALL)
    for (const { event, profile, from } of changes) {
      // What is a split and a merge in two batches is in one an update that takes a member from a profile that lives
      // on: the scenario of ids.test.ts where one message takes a member from one profile to another.
      const parted = event === 'split' || (event === 'updated' && from.length > 0)
      if (parted) for (const id of [profile, ...from]) split.add(id)
    }
    const live = new Set((await graph.scanNodes('', ALL)).map(({ profile }) => profile))
    live.delete('')
    const members = new Map<string, readonly string[]>()
    const strangelyNamed: StrangelyNamed[] = []
    for (const id of live) {
      const found = await graph.profile(id)
      const founder = found?.profile.founder ?? ''
      members.set(founder, found?.members.map(({ key }) => key) ?? [])
      const foundersId = mint(founder, 0)
      if (foundersId === id || split.has(id)) continue
      const ofEither = changes.filter(({ profile, from }) =>
        [profile, ...from].some((one) => one === id || one === foundersId),
      )
      strangelyNamed.push({ founder, id, foundersId, changes: ofEither })
    }
    expect(members.size).toBe(live.size)
    return { members, strangelyNamed, split: split.size }
  })
}

/** The member of each profile that was received first, by the log alone; ties to the smaller key. */
export function foundersByLog(
  messages: readonly StoredMessage[],
  { members }: Profiles,
): readonly string[] {
  const received = new Map<string, number>()
  for (const { fact } of messages) {
    for (const { key } of fact.identifiers) {
      received.set(key, Math.min(received.get(key) ?? Infinity, fact.receivedAt))
    }
  }
  return [...members.values()].map((keys) =>
    keys.reduce((first, key) => (received.get(key)! < received.get(first)! ? key : first)),
  )
}

/** A partition told without its founders, which depend on when a message was received. */
export function partitionOf({ members }: Profiles): readonly string[] {
  return [...members.values()].map((keys) => keys.join(' ')).toSorted()
}
