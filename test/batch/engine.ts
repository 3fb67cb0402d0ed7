// A log of small worlds and an engine over it, for tests of the batch.
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import { openFileLog } from '../../src/adapters/file-log/index.ts'
import type { Fact } from '../../src/core/edge/fact.ts'
import { keyOf } from '../../src/core/identifier/identifier.ts'
import type { BatchEngine } from '../../src/ports/batch-engine.ts'
import type { LogColumns } from '../../src/ports/columnar-log.ts'
import type { EventLog, LogRecord } from '../../src/ports/event-log.ts'
import { digest, nameIn } from '../worlds/small-world.ts'

export interface OnLog {
  readonly engine: BatchEngine
  readonly log: EventLog
  readonly columns: (cuts?: readonly number[]) => Promise<readonly LogColumns[]>
}

/** Runs `work` over a log of the records, appended in so many calls, with segments of a few records each. */
export async function withLog<T>(
  records: readonly LogRecord[],
  work: (on: OnLog) => Promise<T>,
  calls = 3,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-batch-'))
  const log = await openFileLog(join(directory, 'log'), {
    account: 'default',
    segmentRecordsMax: Math.ceil(records.length / calls),
  })
  const engine = await openDuckdbEngine({
    memoryMegabytesMax: 512,
    threads: 2,
    spillDirectory: join(directory, 'spill'),
    signal: new AbortController().signal,
  })
  try {
    const size = Math.ceil(records.length / calls)
    for (let at = 0; at < records.length; at += size) await log.append(records.slice(at, at + size))
    await log.settle()
    let asked = 0
    const columns = async (cuts: readonly number[] = []): Promise<readonly LogColumns[]> => {
      const scratch = join(directory, `scratch-${asked++}`)
      await mkdir(scratch)
      return log.columns({ upTo: log.end(), cuts, scratch })
    }
    return await work({ engine, log, columns })
  } finally {
    await engine.close()
    await log.close()
    await rm(directory, { recursive: true, force: true })
  }
}

export function messageOf(fact: Fact): LogRecord {
  return { kind: 'message', fact, extractionVersion: 1, raw: '{}' }
}

/** The facts of a world under values of its own, so that several worlds fit into one log. */
export function apart(world: number, facts: readonly Fact[]): readonly Fact[] {
  return facts.map((fact) => ({
    ...fact,
    id: `${world}-${fact.id}`,
    identifiers: fact.identifiers.map(({ type, namespace, value }) => {
      const own = nameIn(world, value)
      return { type, namespace, value: own, key: keyOf(digest, 'default', type, namespace, own) }
    }),
  }))
}
