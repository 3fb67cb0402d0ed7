// How fast are connected components of edges between strings, Parquet to Parquet, beside DuckDB and SciPy in the same run?
// Usage: node bench/batch/components.ts [--edges N] [--seed S] [--python PATH] [--threads N] [--memory MB] [--json]
// PATH is a Python with duckdb, scipy and numpy; without one the peer is left out.

import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import type { BatchEngine } from '../../src/ports/batch-engine.ts'
import { measure } from '../ingest/child.ts'
import { writeEdges } from './edge-file.ts'

const { values } = parseArgs({
  options: {
    edges: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    python: { type: 'string', default: 'python3' },
    threads: { type: 'string', default: String(availableParallelism()) },
    memory: { type: 'string', default: '6000' },
    json: { type: 'boolean', default: false },
  },
})
const edges = Number(values.edges)
const seed = Number(values.seed)
const { python, threads, memory } = values
const pathOf = (name: string): string => new URL(name, import.meta.url).pathname

const CHECKED_MAX = 100_000
/** How much faster than the peer. */
const WANTED = 1.5

const NO_PEER = `left out: ${python} has no duckdb and scipy. Try: python3 -m venv DIR && DIR/bin/pip install duckdb scipy numpy; then --python DIR/bin/python`

interface Side {
  readonly seconds: number
  readonly cpu_seconds: number
  readonly peak_mb: number
  readonly identifiers: number
  readonly components: number
  readonly laps: Readonly<Record<string, number>>
  /** What the peer is made with. */
  readonly with?: string
}

type Figures = Record<string, number | string>

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  const figures = await run()
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(24), value)
} finally {
  await rm(folder, { recursive: true })
}

async function run(): Promise<Figures> {
  const directories = await Promise.all(
    ['edges', 'own', 'peer', 'spill'].map(async (name) => {
      const directory = join(folder, name)
      await mkdir(directory)
      return directory
    }),
  )
  const [edgesIn = '', ownIn = '', peerIn = '', spill = ''] = directories
  const engine = await openDuckdbEngine({
    memoryMegabytesMax: Number(memory),
    threads: Number(threads),
    spillDirectory: spill,
    signal: new AbortController().signal,
  })
  try {
    await writeEdges(engine, edgesIn, { edges, seed })
    const source = join(edgesIn, 'part-0.parquet')
    const limits = [threads, memory, spill]
    const own = await sideOf([pathOf('./components-own.ts'), source, ownIn, ...limits])
    const result = await resultOf(engine, ownIn)
    const figures = {
      ...machine(),
      ...told('', own),
      ...result,
      ...(await checked(engine, source, result)),
    }
    if (!hasPeer()) return { ...figures, peer: NO_PEER }
    const peerOut = join(peerIn, 'part-0.parquet')
    const peer = await sideOf([pathOf('./components-peer.py'), source, peerOut, ...limits], python)
    const theirs = await resultOf(engine, peerIn)
    if (theirs.result !== result.result)
      throw new Error(`the peer has other components: ${JSON.stringify({ own, peer })}`)
    const times = peer.seconds / own.seconds
    return {
      ...figures,
      peer: `${peer.with}, SciPy`,
      ...told('peer_', peer),
      times_as_fast: round(times),
      target: `at least ${WANTED} times as fast: ${times >= WANTED ? 'held' : 'missed'}`,
    }
  } finally {
    await engine.close()
  }
}

function hasPeer(): boolean {
  return spawnSync(python, ['-c', 'import duckdb, numpy, scipy']).status === 0
}

async function sideOf(args: readonly string[], program?: string): Promise<Side> {
  const { output } = await measure(args, program)
  return JSON.parse(output) as Side
}

function machine(): Figures {
  return {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    seed,
    edges,
    threads,
  }
}

function told(prefix: string, side: Side): Figures {
  const laps = Object.entries(side.laps).map(([step, seconds]) => [
    `${prefix}${step}_s`,
    round(seconds),
  ])
  return {
    ...(Object.fromEntries(laps) as Figures),
    [`${prefix}seconds`]: round(side.seconds),
    [`${prefix}cpu_seconds`]: round(side.cpu_seconds),
    [`${prefix}peak_mb`]: side.peak_mb,
  }
}

/** How many there are, and a hash that does not depend on how components are numbered: each has its smallest id. */
async function resultOf(
  engine: BatchEngine,
  directory: string,
): Promise<{ identifiers: number; components: number; result: string }> {
  const read = engine.dialect.parquet([join(directory, 'part-0.parquet')])
  const [row] = await engine.rows<{ identifiers: number; components: number; result: string }>(`
WITH found AS (SELECT id, component FROM ${read}),
smallest AS (SELECT component, min(id) AS least FROM found GROUP BY component)
SELECT CAST(count(*) AS INTEGER) AS identifiers, CAST((SELECT count(*) FROM smallest) AS INTEGER) AS components,
  printf('%016x', bit_xor(hash(id, least))) AS result
FROM found JOIN smallest USING (component)`)
  if (row === undefined) throw new Error('an aggregate has one row')
  return row
}

/** Where there are few edges: that one string after the other in a map gives as many. */
async function checked(
  engine: BatchEngine,
  source: string,
  found: { readonly identifiers: number; readonly components: number },
): Promise<Figures> {
  if (edges > CHECKED_MAX) return {}
  const over = new Map<string, string>()
  const rootOf = (id: string): string => {
    let at = id
    for (let next = over.get(at); next !== undefined; next = over.get(at)) at = next
    return at
  }
  const seen = new Set<string>()
  for (const { a, b } of await engine.rows<{ a: string; b: string }>(
    `SELECT a, b FROM ${engine.dialect.parquet([source])}`,
  )) {
    const [x, y] = [rootOf(a), rootOf(b)]
    if (x !== y) over.set(x, y)
    seen.add(a).add(b)
  }
  if (seen.size !== found.identifiers || seen.size - over.size !== found.components)
    throw new Error(`there are ${seen.size} identifiers in ${seen.size - over.size} components`)
  return { checked: 'as a map of strings' }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
