// The floor of a batch run: the log's columns that a run reads, read and written again as Parquet, by the same engine with
// the same settings. Usage: node bench/batch/columns-floor.ts LOG [--up-to POSITION] [--memory MB] [--threads N]

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import { openFileLog } from '../../src/adapters/file-log/index.ts'
import { defaultSettings } from '../../src/apps/account/installation.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'up-to': { type: 'string' },
    memory: { type: 'string', default: '4500' },
    threads: { type: 'string', default: '2' },
  },
})
/** Of a record: its message as it came, and what the summaries say better. */
const NOT_READ = 'EXCLUDE (raw, identifiers, account, extraction_version, filename)'

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
const log = await openFileLog(positionals[0] ?? '', { account: defaultSettings().account })
const upTo = Math.min(Number(values['up-to'] ?? log.end()), log.end())
const began = performance.now()
const engine = await openDuckdbEngine({
  memoryMegabytesMax: Number(values.memory),
  threads: Number(values.threads),
  spillDirectory: join(folder, 'spill'),
  signal: new AbortController().signal,
})
try {
  const scratch = join(folder, 'columns')
  await mkdir(scratch)
  const parts = await log.columns({ upTo, cuts: [], scratch })
  let rows = 0
  for (const file of ['events', 'identifiers', 'edges'] as const) {
    const directory = join(folder, file)
    await mkdir(directory)
    const read = engine.dialect.parquet(parts.map((part) => part[file]))
    const columns = file === 'events' ? `* ${NOT_READ}` : '* EXCLUDE (filename)'
    rows += await engine.write(`SELECT ${columns} FROM ${read}`, directory)
  }
  console.log(JSON.stringify({ seconds: (performance.now() - began) / 1_000, rows }))
} finally {
  await engine.close()
  await log.close()
  await rm(folder, { recursive: true })
}
