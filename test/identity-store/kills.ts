// kill -9 at random instants, again and again on one store: what is there is exactly what the position says, and every
// commit that was answered is among it. SELFSAME_KILLS sets how often.

import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { samplesOf } from '../../src/ports/conformance/identity-store.samples.ts'
import { loaded } from '../../src/ports/conformance/identity-store.subject.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import { account, digest } from '../file-log/directory.ts'

export const kills = Number(process.env['SELFSAME_KILLS'] ?? 5)
const committer = fileURLToPath(new URL('committer.ts', import.meta.url))
const { key } = samplesOf({ account, digest })

/** Commits in another process for so long after it is ready, ends that, and returns the last commit answered. */
async function commitAndKill(
  committing: readonly string[],
  lifeMs: number,
  first: () => Promise<void>,
): Promise<number> {
  const child = spawn(process.execPath, [committer, ...committing], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  // It may end by itself of what is done first, and before that is done.
  let ending = Promise.resolve(false)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '')
      ending = sleep(lifeMs)
        .then(first)
        .then(() => child.kill('SIGKILL'))
    said += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  await ending
  expect(said).toMatch(/^ready\n/)
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1)?.replace('ready', '0'))
}

/** Sees to it that the store holds commits 1 to its position, whole; closes it and returns the position. */
async function expectWhole(store: IdentityStore): Promise<number> {
  const position = await store.position('log')
  const limits = { componentEdgesMax: Infinity, componentNodesMax: Infinity }
  const hub = await loaded(store, [key('email:hub')], limits)
  const cookies = Array.from({ length: position }, (_, at) => key(`cookie:${at + 1}`))
  expect(hub.edges.map((edge) => edge.from).toSorted()).toEqual(cookies.toSorted())
  expect(hub.edges.reduce((sum, edge) => sum + edge.count, 0)).toBe((position * (position + 1)) / 2)
  const hubs = hub.nodes.filter((node) => node.type === 'email')
  const once = position > 0 ? [position] : []
  expect(hubs.map((node) => node.version)).toEqual(once)
  expect(hubs.map((node) => node.lastSeen)).toEqual(once)
  expect(hub.profiles.map((profile) => profile.revision)).toEqual(once)
  const changes = await store.changes(0, position + 10)
  expect(changes.map((change) => change.revision)).toEqual(cookies.map((_, at) => at + 1))
  const both = position + once.length
  const counts = { identifiers: both, edges: position, profiles: both, questions: 0, waiting: 0 }
  expect(await store.counts()).toEqual(counts)
  const request = { identifier: key('email:hub'), fromDay: 0, toDay: 7 }
  const { sightings } = await store.load(
    { nodes: [], crowds: [request], profiles: [] },
    { ...limits, sightingsPerDayMax: Infinity },
  )
  expect(sightings.length).toBe(position)
  await store.close()
  return position
}

export interface Kills {
  /** Arguments of the committer for a round. */
  readonly committing: (kill: number) => readonly string[]
  /** The store it commits to, whole or not. */
  readonly open: () => Promise<IdentityStore>
  /** What is killed before the committer is. */
  readonly first?: () => Promise<void>
  /** What was answered may be lost. */
  readonly isLossy?: boolean
}

export async function expectKillsSurvived({
  committing,
  open,
  first = () => Promise.resolve(),
  isLossy = false,
}: Kills): Promise<void> {
  let last = 0
  for (let kill = 0; kill < kills; kill++) {
    const answered = await commitAndKill(committing(kill), Math.random() * 400, first)
    last = isLossy ? 0 : Math.max(last, answered)
    const position = await expectWhole(await open())
    expect(position).toBeGreaterThanOrEqual(last)
    last = position
  }
  expect(last).toBeGreaterThan(0)
}
