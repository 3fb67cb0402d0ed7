// One batch run over a log, without a live graph: from the sealed segments to published tables.
// Usage: node bench/batch/publish.ts LOG [--up-to POSITION] [--memory MB] [--threads N] [--stages]; prints one line of JSON.

import { hash } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import { openFileLog } from '../../src/adapters/file-log/index.ts'
import { openFileWarehouse } from '../../src/adapters/file-warehouse/index.ts'
import { sha256 } from '../../src/apps/account/digest.ts'
import { defaultSettings } from '../../src/apps/account/installation.ts'
import { learningOf } from '../../src/apps/batch/learning-of.ts'
import { attributesOf, compilePolicy, mintWith } from '../../src/core/index.ts'
import { conversionsOf, ownHostsOf } from '../../src/core/policy/conversions.ts'
import { runBatch } from '../../src/flows/run-batch.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'up-to': { type: 'string' },
    memory: { type: 'string', default: '4500' },
    threads: { type: 'string', default: '2' },
    stages: { type: 'boolean', default: false },
  },
})
const settings = defaultSettings()
const policy = compilePolicy(settings, sha256)
const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
const log = await openFileLog(positionals[0] ?? '', { account: settings.account })
const upTo = Math.min(Number(values['up-to'] ?? log.end()), log.end())
const startedAt = Date.now()
let began = performance.now()
const told = (stage: string, rows: number | null): void => {
  if (rows === null) began = performance.now()
  else if (values.stages)
    console.error(
      `${stage.padEnd(24)} ${String(rows).padStart(10)} ${((performance.now() - began) / 1_000).toFixed(2).padStart(7)} s ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
    )
}
const engine = await openDuckdbEngine({
  memoryMegabytesMax: Number(values.memory),
  threads: Number(values.threads),
  spillDirectory: join(folder, 'spill'),
  signal: new AbortController().signal,
})
try {
  const outcome = await runBatch({
    engine,
    warehouse: openFileWarehouse(join(folder, 'warehouse')),
    columns: async (cuts) => {
      const scratch = await mkdtemp(join(folder, 'columns-'))
      await mkdir(scratch, { recursive: true })
      return log.columns({ upTo, cuts, scratch })
    },
    upTo,
    policy,
    live: null,
    learning: learningOf(settings, upTo, null),
    activate: () => Promise.resolve(),
    mint: mintWith(sha256, 'bench'),
    attributes: attributesOf(settings),
    journeys: {
      conversions: conversionsOf(settings),
      lookbackDays: settings.attribution.lookbackDays,
      ownHosts: ownHostsOf(settings),
    },
    startedAt,
    now: () => Date.now(),
    pastRuns: [],
    note: () => Promise.resolve(),
    settle: () => Promise.resolve(),
    told,
    dryRun: false,
  })
  const seconds = (Date.now() - startedAt) / 1_000
  const [sums] = await engine.rows<{ text: string }>(
    "SELECT concat_ws(' ', count(*), bit_xor(hash(profile_id, kind, weakest, members))) AS text FROM profile",
  )
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  console.log(
    JSON.stringify({
      records: upTo,
      seconds,
      cpu_seconds: (userCPUTime + systemCPUTime) / 1e6,
      identifiers: outcome.identifiers,
      profiles: outcome.profiles,
      peak_mb: Math.round(maxRSS / 1_000),
      result: hash('sha256', sums?.text ?? '', 'hex').slice(0, 16),
    }),
  )
} finally {
  await engine.close()
  await log.close()
  await rm(folder, { recursive: true })
}
