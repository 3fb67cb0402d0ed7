// How fast does an identity store take commits and answer loads, and does that stay so as it grows?
// Run: node bench/identity-store/run.ts [--store rocksdb | redis] [--nodes 20000] [--threaded] [--file PATH] (more: README.md)

import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openRocksStore } from '../../src/adapters/rocksdb/index.ts'
import { openSqliteStore, openThreadedStore } from '../../src/adapters/sqlite/index.ts'
import type { IdentityStore, Neighbourhood } from '../../src/ports/identity-store.ts'
import { measuredRedis } from './redis-server.ts'
import { Stopwatch } from './stopwatch.ts'
import { World } from './world.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    unsynced: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '20000' },
    commits: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    threaded: { type: 'boolean', default: false },
    file: { type: 'string' },
    page: { type: 'string', default: '4096' },
    checkpoint: { type: 'string', default: '8000' },
    cache: { type: 'string', default: '64' },
  },
})
const LIMITS = { componentNodesMax: 2_000, componentEdgesMax: 10_000, sightingsPerDayMax: 200 }
/** Commits in one while the store is filled. */
const FILLING = 8
const NEW_NODES_A_COMMIT = 900
/** Of the commits that are timed: a load's, and those of several processes that write as it comes. */
const SCALES = [1, 0.1]

const folder = mkdtempSync(join(tmpdir(), 'selfsame-bench-'))
const file = values.file ?? join(folder, 'graph.db')
if (existsSync(file)) throw new Error(`${file} is there already`)
const options = {
  pageBytes: Number(values.page),
  checkpointPages: Number(values.checkpoint),
  cacheMegabytesMax: Number(values.cache),
}
const redis = values.store === 'redis' ? await measuredRedis() : null
const store = redis?.store ?? (await opened())
const world = new World(Number(values.seed))
console.log(
  `${values.store}, ${cpus()[0]?.model ?? '?'}, node ${process.version}, seed ${values.seed}`,
)

const nodesGoal = Number(values.nodes)
const commits = Number(values.commits)
await fill(nodesGoal - 2 * commits * NEW_NODES_A_COMMIT)
console.log(`${world.nodes} nodes, ${world.edges} edges, ${await size()} MB`)
await commitOnly()
await commitAndLoad()
await loads('unknown', 1_000, (i) => hash('sha256', `unknown ${i}`))
await loads('cookies and what is theirs', 500, (i) => keyAt(world.cookies, i * 7_919))
await loads('e-mails and what is theirs', 500, (i) => keyAt(world.emails, i * 7_919))
await loads('such an e-mail alone', 1, (i) => keyAt(world.emails, i * 104_729))
const megabytesAtEnd = await size()
const closing = performance.now()
await store.close()
await redis?.stop()
const rss = (process.memoryUsage().rss / 1e6).toFixed(0)
console.log(
  `close ${(performance.now() - closing).toFixed(0)} ms, rss ${rss} MB (the world's included)`,
)
const bytes = (megabytesAtEnd * 1e6) / world.nodes
console.log(`${megabytesAtEnd} MB, ${bytes.toFixed(0)} bytes an identifier`)
rmSync(folder, { recursive: true, force: true })

function opened(): IdentityStore | Promise<IdentityStore> {
  if (values.store === 'rocksdb')
    return openRocksStore(file, {
      cacheMegabytes: options.cacheMegabytesMax,
      synced: !values.unsynced,
    })
  return values.threaded ? openThreadedStore(file, options) : openSqliteStore(file, options)
}

async function fill(nodes: number): Promise<void> {
  while (world.nodes < nodes) {
    const goal = Math.min(nodes, world.nodes + nodesGoal / 5)
    const watch = new Stopwatch()
    const spent = await spentBy(async () => {
      while (world.nodes < goal) await commitNext(watch, FILLING)
      return watch.things
    })
    console.log(`filled to ${world.nodes} nodes: ${watch.rates('rows')}${spent}`)
  }
}

async function commitOnly(): Promise<void> {
  for (const scale of SCALES) {
    const watch = new Stopwatch()
    const spent = await spentBy(async () => {
      for (let i = 0; i < commits; i++) await commitNext(watch, scale)
      return watch.things
    })
    const what = `commit of ${scale * 5_000} messages`
    console.log(`${what}: ${watch.rates('rows')}; ${watch.each()}${spent}`)
  }
}

/** As a resolver does: between commits it asks for what has come in. */
async function commitAndLoad(): Promise<void> {
  const [writing, reading] = [new Stopwatch(), new Stopwatch()]
  for (let i = 0; i < commits; i++) {
    await commitNext(writing, 1)
    for (let batch = 0; batch < 4; batch++) {
      const fresh = Array.from({ length: 225 }, (_, j) => hash('sha256', `new ${i} ${batch} ${j}`))
      const known = Array.from({ length: 75 }, (_, j) =>
        keyAt(world.cookies, (i * 300 + j) * 7_919),
      )
      await reading.time(300, () => load([...fresh, ...known]))
    }
  }
  console.log(`commit between loads: ${writing.rates('rows')}; ${writing.each()}`)
  console.log(`load between commits, 3 of 4 unknown: ${reading.rates('keys')}`)
}

async function commitNext(watch: Stopwatch, scale: number): Promise<void> {
  const { commit, rows } = world.next(scale)
  const answer = await watch.time(rows, () => store.commit(commit))
  if (answer !== 'committed') throw new Error(answer)
}

async function loads(name: string, batch: number, pick: (i: number) => string): Promise<void> {
  const watch = new Stopwatch()
  const total = Math.min(20_000, batch * 5_000)
  let [nodes, edges] = [0, 0]
  const spent = await spentBy(async () => {
    for (let i = 0; i < total; i += batch) {
      const keys = Array.from({ length: batch }, (_, j) => pick(i + j))
      const loaded = await watch.time(batch, () => load(keys))
      nodes += loaded.complete.length
      edges += loaded.edges.length
    }
    return total
  })
  const each = `${(nodes / total).toFixed(1)} nodes and ${(edges / total).toFixed(1)} edges each`
  console.log(`load ${name}: ${watch.rates('keys')} (${each})${spent}`)
}

function load(nodes: readonly string[]): Promise<Neighbourhood> {
  return store.load({ nodes, crowds: [], profiles: [] }, LIMITS)
}

function keyAt(numbers: readonly number[], i: number): string {
  return world.keys[numbers[i % numbers.length]!]!
}

/** Of a file with what stands beside it under its name, or of a folder. */
function megabytes(path: string): number {
  const files = statSync(path).isDirectory()
    ? readdirSync(path).map((name) => join(path, name))
    : [path, `${path}-wal`].filter((name) => existsSync(name))
  return Math.round(files.reduce((sum, name) => sum + statSync(name).size, 0) / 1e6)
}

/** MB. */
async function size(): Promise<number> {
  return redis === null ? megabytes(file) : Math.round((await redis.bytes()) / 1e6)
}

/** What the server spent on so many things, for the end of a line. */
async function spentBy(work: () => Promise<number>): Promise<string> {
  const before = (await redis?.cpuUs()) ?? 0
  const things = await work()
  const spent = ((await redis?.cpuUs()) ?? 0) - before
  return redis === null ? '' : `; ${(spent / things).toFixed(1)} µs each of the server`
}
