// Gauges that are read when somebody asks for the metrics, summed over all accounts: what waits, how far the graph is
// behind, how many profiles there are, how large the stores are.
// Invariant: what cannot be read is left out; the rest is told, which is when it is needed most.

import { Gauge, type Registry } from 'prom-client'

import { takeCensus } from '../../../flows/take-census.ts'
import type { ServedAccount } from '../parts.ts'

/** A census looks at all of a graph: it is taken at most this often, ms. */
const CENSUS_EVERY_MS = 60_000
const MS_PER_SECOND = 1_000

type Accounts = ReadonlyMap<string, ServedAccount>

/** @param report told of what could not be read */
export function watchAccounts(
  registry: Registry,
  accounts: Accounts,
  report: (cause: unknown) => void,
): void {
  const watch = (watched: Watched): void => registry.registerMetric(gaugeOf(watched, report))
  const sumOf = (read: (account: ServedAccount) => number | Promise<number>) => async () => {
    let sum = 0
    for (const account of accounts.values()) sum += await read(account)
    return [['', sum] as const]
  }
  watch({
    name: 'selfsame_unwritten_messages',
    help: 'Messages that wait for the disk.',
    read: sumOf(({ intake }) => intake.queue.unwritten),
  })
  watch({
    name: 'selfsame_unresolved_messages',
    help: 'Durable messages that wait for their profiles.',
    read: sumOf(({ intake }) => intake.queue.unresolved),
  })
  watch({
    name: 'selfsame_unstored_records',
    help: 'Records of the log that the file of the graph has not yet.',
    read: sumOf(({ unstored }) => unstored()),
  })
  watch({
    name: 'selfsame_open_streams',
    help: 'Clients that listen to the feed.',
    read: sumOf(({ streams }) => streams.open),
  })
  watch({
    name: 'selfsame_store_bytes',
    help: 'Bytes on the disk.',
    label: 'store',
    read: async () => {
      const sizes = { log: 0, graph: 0 }
      for (const { storeBytes } of accounts.values()) {
        const { log, graph } = await storeBytes()
        sizes.log += log
        sizes.graph += graph
      }
      return Object.entries(sizes)
    },
  })
  watchRuns(accounts, watch)
  const census = remembered(() => censusIn(accounts), CENSUS_EVERY_MS)
  watch({
    name: 'selfsame_profiles',
    help: 'Profiles that have members, by state; counted at most once a minute.',
    label: 'state',
    read: async () => [...(await census()).profiles],
  })
  watch({
    name: 'selfsame_promiscuous_identifiers',
    help: 'Identifiers seen with a crowd on the latest day; counted at most once a minute.',
    label: 'type',
    read: async () => [...(await census()).crowded],
  })
}

function watchRuns(accounts: Accounts, watch: (watched: Watched) => void): void {
  watch({
    name: 'selfsame_last_run_timestamp_seconds',
    help: 'When the last published batch run began; 0: never. The earliest of all accounts.',
    read: async () => [['', await earliestRun(accounts)]],
  })
  watch({
    name: 'selfsame_failed_runs',
    help: 'Accounts whose latest batch run in this server failed.',
    read: () => Promise.resolve([['', failedRuns(accounts)]]),
  })
}

function failedRuns(accounts: Accounts): number {
  return [...accounts.values()].filter(({ runs }) => runs.latest?.state === 'failed').length
}

/** Seconds since the epoch. */
async function earliestRun(accounts: Accounts): Promise<number> {
  let earliest = Infinity
  for (const { runs } of accounts.values()) {
    const last = (await runs.past()).at(-1)
    earliest = Math.min(earliest, (last?.started_at ?? 0) / MS_PER_SECOND)
  }
  return earliest
}

interface Counted {
  readonly profiles: ReadonlyMap<string, number>
  readonly crowded: ReadonlyMap<string, number>
}

async function censusIn(accounts: Accounts): Promise<Counted> {
  const profiles = new Map<string, number>([
    ['provisional', 0],
    ['confirmed', 0],
  ])
  const crowded = new Map<string, number>()
  for (const account of accounts.values()) {
    const census = await takeCensus(account)
    for (const { state, count } of census.profiles) {
      profiles.set(state, (profiles.get(state) ?? 0) + count)
    }
    for (const { type, count } of census.crowded) {
      crowded.set(type, (crowded.get(type) ?? 0) + count)
    }
  }
  return { profiles, crowded }
}

interface Watched {
  readonly name: string
  readonly help: string
  /** Name of the one label, where there is one. */
  readonly label?: string
  /** Values by label; of no label a single one. */
  readonly read: () => Promise<readonly (readonly [label: string, value: number])[]>
}

function gaugeOf({ name, help, label, read }: Watched, report: (cause: unknown) => void): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [],
    async collect() {
      this.reset()
      try {
        for (const [of, value] of await read())
          this.set(label === undefined ? {} : { [label]: of }, value)
      } catch (cause) {
        if (label === undefined) this.remove()
        report(cause)
      }
    },
  })
}

/** What `read` gave last, asked again when that is older than `forMs`, or failed; one asks at a time. */
function remembered<T>(read: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | null = null
  return async () => {
    const now = performance.now()
    if (last === null || now - last.at > forMs) {
      const asked = { at: now, value: read() }
      last = asked
      asked.value.catch(() => {
        if (last === asked) last = null
      })
    }
    return last.value
  }
}
