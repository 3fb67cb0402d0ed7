// How late do very many who listen to one server learn of what happens?
// Usage: node bench/stream/run.ts [--clients N] [--per-second N] [--seconds S] [--seed S] [--built] [--json]
// Those who listen have a process of their own and share the machine's cores with the server; what they cost is printed beside.

import { fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { commandLine } from '../command-line.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/index.ts'
import { accountLayout } from '../../src/apps/account/layout.ts'
import { openToLook } from '../../src/apps/account/open-account.ts'
import { rowsBytes } from '../../src/apps/server/stream/event-text.ts'
import type { FeedRow } from '../../src/ports/identity-store.ts'
import { resultOf } from '../ingest/result.ts'
import { Connections, requestOf } from '../serve/connections.ts'
import { atRate } from '../serve/loads.ts'
import { startServe } from '../serve/server.ts'
import { type Commits, watchCommits } from './commits.ts'
import type { FloorDone, Piece } from './floor.ts'
import type { Judged, Told } from './listeners.ts'

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    'per-second': { type: 'string', default: '200' },
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    built: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const clients = Number(values.clients)
const perSecond = Number(values['per-second'])
const seconds = Number(values.seconds)
const seed = Number(values.seed)
const CLI = commandLine(values.built)

const CONNECTIONS = 16
const WARM_SECONDS = Math.min(3, seconds)
/** What has not come by then is lost. */
const WAIT_MS = 20_000

/** The first visits of as many visitors; each is a profile of its own, so each is one change. */
function visits(writeKey: string, from: number, count: number): Buffer[] {
  const authorization = `Basic ${btoa(`${writeKey}:`)}`
  const headers = { authorization, 'content-type': 'application/json' }
  return Array.from({ length: count }, (_, i) => {
    const visitor = createHash('sha256')
      .update(`${seed} ${from + i}`)
      .digest('hex')
      .slice(0, 20)
    const message = { messageId: `m-${from + i}`, anonymousId: `v-${visitor}` }
    const at = new Date(Date.UTC(2026, 0, 1) + (from + i) * 1_000).toISOString()
    return requestOf('POST', '/v1/page', headers, JSON.stringify({ ...message, timestamp: at }))
  })
}

class Listeners {
  readonly #child: ChildProcess = fork(new URL('./listeners.ts', import.meta.url).pathname)

  async tell<T = unknown>(told: Told): Promise<T> {
    this.#child.send(told)
    const [answer] = (await once(this.#child, 'message')) as [T]
    return answer
  }

  async close(): Promise<void> {
    this.#child.disconnect()
    await once(this.#child, 'exit')
  }
}

const round = (value: number): number => Math.round(value * 100) / 100

const figuresOf = (judged: Judged, took: number, name: string) => ({
  [`${name}p50_ms`]: round(judged.p50),
  [`${name}p99_ms`]: round(judged.p99),
  [`${name}max_ms`]: round(judged.max),
  [`${name}lost`]: judged.lost,
  [`${name}doubled`]: judged.doubled,
  [`${name}listeners_cpu`]: round(judged.cpuSeconds / took),
})

type Figures = Record<string, number | string>

interface Served {
  readonly figures: Figures
  readonly rows: readonly FeedRow[]
  readonly commits: Commits
  readonly epoch: string
}

async function served(data: string): Promise<Served> {
  const server = await startServe(CLI, data)
  const store = openSqliteStore(accountLayout(data, 'default').graphFile, { readOnly: true })
  const connections = new Connections(server.url, CONNECTIONS)
  const listeners = new Listeners()
  try {
    const warm = Math.ceil(perSecond * WARM_SECONDS)
    const count = Math.ceil(perSecond * seconds)
    const opening = performance.now()
    await listeners.tell({ say: 'open', url: server.url, token: server.token, count: clients })
    const openedMs = performance.now() - opening
    await atRate(connections, visits(server.writeKey, 0, warm), perSecond)
    await reaches(store, warm)
    const commits = await watchCommits(store)
    await listeners.tell({ say: 'from', sequence: commits.first, events: count })
    const [cpu, began] = [server.cpuSeconds(), performance.now()]
    const load = await atRate(connections, visits(server.writeKey, warm, count), perSecond)
    const odd = load.answers.find(({ status }) => status !== 200)
    if (odd !== undefined) throw new Error(`a request was answered with ${odd.status}`)
    await listeners.tell({ say: 'wait', waitMs: WAIT_MS })
    const took = (performance.now() - began) / 1_000
    commits.stop()
    const { committed } = commits
    const judged = await listeners.tell<Judged>({ say: 'judge', committed })
    const figures = {
      open_all_s: round(openedMs / 1_000),
      changes: committed.length,
      commits: commits.sizes.length,
      ...figuresOf(judged, took, ''),
      server_cpu: round((server.cpuSeconds() - cpu) / took),
      server_peak_mb: Math.round(server.peakBytes() / 1e6),
    }
    const rows = await store.feed(commits.first, count)
    return { figures, rows, commits, epoch: await store.epoch() }
  } finally {
    connections.close()
    await listeners.close()
    await store.close()
    await server.stop()
  }
}

async function reaches(store: { feedEnd(): Promise<number> }, end: number): Promise<void> {
  while ((await store.feedEnd()) < end) await sleep(10)
}

/** The same bytes, by nobody in particular. */
async function floorFigures({ rows, commits, epoch }: Served): Promise<Figures> {
  const floor = fork(new URL('./floor.ts', import.meta.url).pathname)
  const [{ url }] = (await once(floor, 'message')) as [{ url: string }]
  const listeners = new Listeners()
  try {
    await listeners.tell({ say: 'open', url, token: '', count: clients })
    const [first] = rows
    const sequence = (first?.sequence ?? 1) - 1
    await listeners.tell({ say: 'from', sequence, events: rows.length })
    const pieces: Piece[] = []
    let at = 0
    for (const size of commits.sizes) {
      const bytes = rowsBytes(epoch, rows.slice(at, at + size))
      const after = (commits.committed[at] ?? 0) - (commits.committed[0] ?? 0)
      pieces.push({ after, text: Buffer.from(bytes).toString() })
      at += size
    }
    const began = performance.now()
    floor.send(pieces)
    const [{ writtenAt, cpuSeconds }] = (await once(floor, 'message')) as [FloorDone]
    await listeners.tell({ say: 'wait', waitMs: WAIT_MS })
    const took = (performance.now() - began) / 1_000
    const committed = commits.sizes.flatMap((size, i) =>
      Array.from({ length: size }, () => writtenAt[i] ?? 0),
    )
    const judged = await listeners.tell<Judged>({ say: 'judge', committed })
    return { ...figuresOf(judged, took, 'floor_'), floor_cpu: round(cpuSeconds / took) }
  } finally {
    await listeners.close()
    floor.disconnect()
    await once(floor, 'exit')
  }
}

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  const data = join(folder, 'data')
  const one = await served(data)
  const account = await openToLook(data, { configuration: null, notice: () => undefined })
  const result = await resultOf(account)
  await account.close()
  const figures: Figures = {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    seed,
    clients,
    per_second: perSecond,
    seconds,
    ...one.figures,
    ...(await floorFigures(one)),
    ...result,
  }
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(24), value)
} finally {
  await rm(folder, { recursive: true, force: true })
}
