// Our side of the components benchmark, a process of its own.
// Usage: node bench/batch/components-own.ts EDGES.parquet DIRECTORY THREADS MEGABYTES SPILL; prints one line of JSON.

import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import { stringComponents } from './string-components.ts'

const [source = '', directory = '', threads, megabytes, spillDirectory = ''] = process.argv.slice(2)
const engine = await openDuckdbEngine({
  memoryMegabytesMax: Number(megabytes),
  threads: Number(threads),
  spillDirectory,
  signal: new AbortController().signal,
})
const began = performance.now()
const laps: Record<string, number> = {}
let last = began
const lap = (step: string): void => {
  const now = performance.now()
  laps[step] = (now - last) / 1_000
  last = now
}
try {
  const found = await stringComponents(engine, source, directory, lap)
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const seconds = (last - began) / 1_000
  const cpu = (userCPUTime + systemCPUTime) / 1e6
  console.log(
    JSON.stringify({
      seconds,
      cpu_seconds: cpu,
      peak_mb: Math.round(maxRSS / 1_000),
      ...found,
      laps,
    }),
  )
} finally {
  await engine.close()
}
