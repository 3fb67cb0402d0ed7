// How fast does the identity store on SQLite take commits and answer loads, and does that stay so as it grows?
// Run: node bench/identity-store/run.ts [--nodes 20000] [--file PATH] [--page 4096] [--checkpoint 4000] [--cache 64]

import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSqliteStore } from '../../src/adapters/sqlite/index.ts'
import type { IdentityStore, LoadRequest } from '../../src/ports/identity-store.ts'
import { World } from './world.ts'

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string' },
    page: { type: 'string', default: '4096' },
    checkpoint: { type: 'string', default: '4000' },
    cache: { type: 'string', default: '64' },
    measured: { type: 'string', default: '100' },
    bulk: { type: 'string', default: '8' },
  },
})
const LIMITS = { componentNodesMax: 2_000, componentEdgesMax: 20_000, sightingsPerDayMax: 200 }
const nodesGoal = Number(values.nodes)
const folder = mkdtempSync(join(tmpdir(), 'selfsame-bench-'))
const file = values.file ?? join(folder, 'graph.db')
if (existsSync(file)) throw new Error(`${file} is there already`)
const world = new World(Number(values.seed))
const store = openSqliteStore(file, {
  pageBytes: Number(values.page),
  checkpointPages: Number(values.checkpoint),
  cacheMegabytesMax: Number(values.cache),
})
console.log(`${cpus()[0]?.model ?? '?'}, node ${process.version}, seed ${values.seed}`)

let cpuMs = 0
let [ms, rows] = [0, 0]
let reported = 0
const measured = Number(values.measured)
while (world.nodes < nodesGoal - measured * 900) {
  const took = await commitNext(Number(values.bulk))
  ms += took.ms
  rows += took.rows
  if (world.nodes - reported >= nodesGoal / 8) {
    reported = world.nodes
    console.log(`  ${world.nodes} nodes: ${perSecond(rows, ms)} rows/s`)
    ;[ms, rows] = [0, 0]
  }
}
const commits: number[] = []
cpuMs = 0
let rowsMeasured = 0
for (let i = 0; i < measured; i++) {
  const took = await commitNext(1)
  commits.push(took.ms)
  rowsMeasured += took.rows
}
const spent = commits.reduce((a, b) => a + b, 0)
console.log(
  `store: ${world.nodes} nodes, ${world.edges} edges, ${megabytes(file)} MB + wal ${megabytes(`${file}-wal`)} MB`,
)
console.log(
  `commit: ${perSecond(rowsMeasured, spent)} rows/s (${perSecond(rowsMeasured, cpuMs)} a CPU second), ${Math.round(rowsMeasured / measured)} rows a commit, ms: ${spread(commits)}`,
)
await loads('unknown keys', 1_000, (i) => hash('sha256', `unknown ${i}`))
await loads(
  'lone or small, by cookie',
  500,
  (i) => world.cookies[(i * 7919) % world.cookies.length]!,
)
await loads(
  'small components, by e-mail',
  500,
  (i) => world.emails[(i * 7919) % world.emails.length]!,
)
await loads('the same, one at a time', 1, (i) => world.emails[(i * 104_729) % world.emails.length]!)
console.log(await store.counts())
const closing = performance.now()
await store.close()
console.log(
  `close ${(performance.now() - closing).toFixed(0)} ms, rss ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
)
rmSync(folder, { recursive: true, force: true })

async function commitNext(scale: number): Promise<{ ms: number; rows: number }> {
  const { commit, expected, rows: count } = world.next(scale)
  const start = performance.now()
  const cpu = process.cpuUsage()
  const answer = await store.commit(commit, expected)
  const took = performance.now() - start
  cpuMs += cpuSince(cpu)
  if (answer !== 'committed') throw new Error(answer)
  return { ms: took, rows: count }
}

async function loads(
  name: string,
  batch: number,
  pick: (i: number) => number | string,
): Promise<void> {
  const total = Math.min(20_000, batch * 2_000)
  let [took, busy, nodes, edges] = [0, 0, 0, 0]
  for (let i = 0; i < total; i += batch) {
    const keys = Array.from({ length: batch }, (_, j) => pick(i + j))
    const request: LoadRequest = {
      nodes: keys.map((key) => (typeof key === 'string' ? key : world.keys[key]!)),
      crowds: [],
      profiles: [],
    }
    const start = performance.now()
    const cpu = process.cpuUsage()
    const loaded = await load(store, request)
    took += performance.now() - start
    busy += cpuSince(cpu)
    nodes += loaded.complete.length
    edges += loaded.edges.length
  }
  const shape = `${(nodes / total).toFixed(1)} nodes, ${(edges / total).toFixed(1)} edges each`
  console.log(
    `load ${name}: ${perSecond(total, took)}/s, ${perSecond(total, busy)} a CPU second (${shape})`,
  )
}

function load(from: IdentityStore, request: LoadRequest) {
  return from.load(request, LIMITS)
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

function perSecond(count: number, inMs: number): string {
  return String(Math.round((count / inMs) * 1_000))
}

function spread(list: readonly number[]): string {
  const sorted = list.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1)
  return `p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, max ${at(1)}`
}

function megabytes(path: string): number {
  return existsSync(path) ? Math.round(statSync(path).size / 1e6) : 0
}
