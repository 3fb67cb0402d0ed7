// What processors and archives count about themselves, for Prometheus. Labels are of fixed sets, or a configuration's.

import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

import type { ArchivedBatch } from '../../flows/archive-log.ts'
import type { Processed } from '../../flows/process-log.ts'
import type { Contention } from '../../flows/shared-graph.ts'

const LATENCY_BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]
const SIZE_BUCKETS = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000]
const MS_PER_SECOND = 1_000

export interface StackMetrics {
  processed(account: string, batch: Processed, contention: Contention): void
  archived(account: string, batch: ArchivedBatch): void
}

export function stackMetrics(registry: Registry): StackMetrics {
  const make = meters(registry)
  /** By account, sources that are read here. */
  const held = new Map<string, readonly string[]>()
  return {
    processed: (account, { records, poisoned, latencyMs, lag, failure }, contention) => {
      make.records.inc({ account }, records)
      make.rejected.inc({ account }, poisoned)
      if (records > 0) make.batch.observe({ account }, records)
      if (latencyMs !== null) make.latency.observe({ account }, latencyMs / MS_PER_SECOND)
      if (failure !== null) make.failures.inc({ account, code: failure.code })
      for (const source of held.get(account) ?? [])
        if (!lag.has(source)) make.lag.remove({ account, source })
      held.set(account, [...lag.keys()])
      for (const [source, left] of lag) make.lag.set({ account, source }, left)
      make.commits.set({ account }, contention.commits)
      make.conflicts.set({ account }, contention.conflicts)
    },
    archived: (account, { records, known, lag }) => {
      make.archived.inc({ account }, records - known)
      for (const [source, left] of lag) make.archiveLag.set({ account, source }, left)
    },
  }
}

/** One of each. */
function meters(registry: Registry) {
  const registers = [registry]
  const labelNames = ['account'] as const
  const bySource = ['account', 'source'] as const
  return {
    ...counters(registry),
    batch: new Histogram({
      name: 'selfsame_batch_records',
      help: 'Records decided and stored together.',
      labelNames,
      buckets: SIZE_BUCKETS,
      registers,
    }),
    latency: new Histogram({
      name: 'selfsame_event_to_change_seconds',
      help: 'From when the log took the first record of a batch until its changes were stored.',
      labelNames,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    lag: new Gauge({
      name: 'selfsame_lag_records',
      help: 'Records of the log that are not in the graph yet, of sources read here.',
      labelNames: bySource,
      registers,
    }),
    archiveLag: new Gauge({
      name: 'selfsame_archive_lag_records',
      help: 'Records of the log that are not in the archive yet.',
      labelNames: bySource,
      registers,
    }),
    commits: new Gauge({
      name: 'selfsame_commits',
      help: 'Commits to the graph, those that conflicted included, since the process began.',
      labelNames,
      registers,
    }),
    conflicts: new Gauge({
      name: 'selfsame_conflicts',
      help: 'Commits that found the graph changed by others, and were decided again.',
      labelNames,
      registers,
    }),
  }
}

function counters(registry: Registry) {
  const registers = [registry]
  const labelNames = ['account'] as const
  return {
    records: new Counter({
      name: 'selfsame_processed_records_total',
      help: 'Records of the log that were decided and stored.',
      labelNames,
      registers,
    }),
    rejected: new Counter({
      name: 'selfsame_poisoned_records_total',
      help: 'Records of the log that could not be understood, and are among the rejects.',
      labelNames,
      registers,
    }),
    archived: new Counter({
      name: 'selfsame_archived_records_total',
      help: 'Records that the archive did not have.',
      labelNames,
      registers,
    }),
    failures: new Counter({
      name: 'selfsame_processing_failures_total',
      help: 'Failures of the log or the graph after which it was tried again.',
      labelNames: ['account', 'code'] as const,
      registers,
    }),
  }
}
