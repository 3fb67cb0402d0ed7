// `demo`: a simulated shop, written, streamed in and looked at: from nothing to a profile, without a key or a server.
// Invariant: touches no data that was there; what it made is left to be explored.

import { mkdtemp, readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { parseSettings, type Settings } from '../../../core/index.ts'
import type { Account } from '../../account/account.ts'
import { openAccount } from '../../account/open-account.ts'
import { makeDirectory } from '../../account/stores.ts'
import { accountLookUps } from '../../answers/account-look-ups.ts'
import { runAccount, usualLimits } from '../../batch/run-account.ts'
import { loadFile, type Load } from '../../loading/load-file.ts'
import { DONE, INTERRUPTED, interruptible, openOptionsOf, type Invocation } from '../invocation.ts'
import { accountSink } from '../reach-data.ts'
import { counted } from '../terminal/numbers.ts'
import { progressLine } from '../terminal/progress.ts'
import {
  demoFindings,
  type Findings,
  findingsLines,
  storyLines,
  nextLines,
} from './demo-findings.ts'
import { checkAddress } from '../../server/start-server.ts'
import { scoreAgainst } from './evaluate.ts'
import { serve, type ServeOptions } from './serve.ts'
import { type SimulateOptions, simulateWorld } from './simulate.ts'
import { WORLD_SETTINGS } from './world-lines.ts'

const SEED = 1
const DAYS = 60

export interface DemoOptions {
  readonly people: number
  readonly serve: boolean
}

export async function demo(
  invocation: Invocation,
  { people, serve: isServed }: DemoOptions,
): Promise<number> {
  const directory = await emptyDirectory(invocation)
  const files = {
    messages: join(directory, 'demo', 'messages.ndjson'),
    truth: join(directory, 'demo', 'truth.csv'),
  }
  await makeDirectory(join(directory, 'demo'))
  const { terminal } = invocation
  if (!invocation.json)
    terminal.say(`A simulated shop with ${counted(people, 'visitor')}, two months long.`)
  const world: SimulateOptions = {
    people,
    seed: SEED,
    days: DAYS,
    hard: false,
    trouble: 'none',
    out: files.messages,
    truth: files.truth,
  }
  const written = await simulateWorld(invocation, world)
  if (written !== DONE) return written
  const options = await openOptionsOf(invocation)
  const configuration = options.configuration ?? worldSettings()
  const account = await openAccount(directory, { ...options, configuration })
  try {
    const load = await stream(invocation, account, files.messages)
    if (load === null) {
      terminal.note(`Stopped; what was streamed in stays in ${directory}.`)
      return INTERRUPTED
    }
    const batch = await confirmAll(invocation, account)
    if (batch === null) {
      terminal.note(`Stopped; what was streamed in stays in ${directory}.`)
      return INTERRUPTED
    }
    const score = await scoreAgainst(account, files.truth)
    const findings = await demoFindings(account, { ...load, batch, score })
    await say(invocation, account, directory, findings)
  } finally {
    await account.close()
  }
  if (!isServed || invocation.json) return DONE
  return serve({ ...invocation, dataDirectory: directory }, await addressFor(), 'shown')
}

const ADDRESS = { host: '127.0.0.1', port: 8787 }

/** The usual one, else any that is free. */
async function addressFor(): Promise<ServeOptions> {
  try {
    await checkAddress(ADDRESS)
    return ADDRESS
  } catch {
    return { ...ADDRESS, port: 0 }
  }
}

/** Beside your own data, which is somewhere else unless you say so. */
const DEMO_DIRECTORY = './selfsame-demo'

/** The directory that was named or the demo's own if nothing is there yet, else a new one. */
async function emptyDirectory({ dataDirectory, dataNamed, terminal }: Invocation): Promise<string> {
  const wanted = dataNamed ? dataDirectory : DEMO_DIRECTORY
  const entries = await readdir(wanted).catch(() => [])
  if (entries.length === 0) return wanted
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-demo-'))
  terminal.note(`note: ${wanted} is not empty and stays as it is; the demo goes to ${directory}`)
  return directory
}

function worldSettings(): Settings {
  const parsed = parseSettings(WORLD_SETTINGS)
  if (!parsed.ok) throw new Error('the settings of the demo are refused')
  return parsed.settings
}

interface Streamed {
  readonly accepted: number
  readonly duplicates: number
  readonly seconds: number
}

/** Loads the file with a moving line; null when it was interrupted. */
async function stream(
  { terminal }: Invocation,
  account: Account,
  file: string,
): Promise<Streamed | null> {
  const { size } = await stat(file)
  const startedAt = performance.now()
  const progress = progressLine(terminal, 'streaming in', 'messages')
  let [accepted, duplicates, bytes] = [0, 0, 0]
  const complete = await interruptible(async (signal) => {
    const sink = accountSink(account, 'default')
    const load: Load = {
      sink,
      lineBytesMax: account.extraction.settings.limits.lineBytesMax,
      signal,
      read: (chunkBytes) => {
        bytes += chunkBytes
      },
      done: (batch) => {
        accepted += batch.accepted
        duplicates += batch.duplicates
        progress.update(accepted + duplicates, bytes / size)
      },
    }
    try {
      const loaded = await loadFile(load, file)
      await account.resolver.flush()
      return loaded.complete
    } finally {
      await sink.close()
    }
  })
  progress.end()
  return complete
    ? { accepted, duplicates, seconds: (performance.now() - startedAt) / 1_000 }
    : null
}

/** The batch run over it all, with a moving line; null when it was interrupted. */
async function confirmAll(
  { terminal }: Invocation,
  account: Account,
): Promise<Findings['batch'] | null> {
  const startedAt = performance.now()
  const outcome = await interruptible((signal) =>
    runAccount(account, {
      ...usualLimits(),
      settings: account.active.settings,
      dryRun: false,
      signal,
      told: (stage) => terminal.moving(`batch run: ${stage} …`),
      at: Date.now(),
    }).catch((cause: unknown) => {
      if (signal.aborted) return null
      throw cause
    }),
  )
  terminal.moving('')
  if (outcome === null) return null
  const { confirmed, differences, training } = outcome
  const seconds = (performance.now() - startedAt) / 1_000
  const { merges, moves } = differences
  const learned = training !== null && training.refused === null
  return { confirmed, merges, moves, seconds, learned }
}

async function say(
  { terminal, json, calledAs }: Invocation,
  account: Account,
  directory: string,
  findings: Findings,
): Promise<void> {
  if (json) {
    terminal.say(JSON.stringify({ data: directory, ...findings }))
    return
  }
  const lines = [
    ...findingsLines(terminal, findings),
    ...(await storyLines(terminal, accountLookUps(account), findings)),
    ...nextLines(terminal, calledAs, directory, findings),
  ]
  for (const line of lines) terminal.say(line)
}
