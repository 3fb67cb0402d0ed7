// How long does a steward wait? Measured in real Chromium, from a key, a click or the navigation to what is drawn.
// Usage: node bench/console/run.ts [--profiles N] [--questions N] [--identifiers N] [--messages N] [--rows N]
//   [--decisions N] [--times N] [--built] [--json]
// Browsers and server share the machine's cores. The world is fixed, so there is no seed.

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { commandLine } from '../command-line.ts'
import { openAccount } from '../../src/apps/account/open-account.ts'
import { createClient } from '../../src/apps/client/index.ts'
import { resultOf } from '../ingest/result.ts'
import { fill } from '../reviews/world.ts'
import { started, startServe } from '../serve/server.ts'
import { launch, signIn } from './browsers.ts'
import { bundle } from './bundle.ts'
import { type Figures, rounded } from './figures.ts'
import { queueFigures } from './queue.ts'
import { emptyPage, firstView, largeProfile } from './views.ts'

const { values } = parseArgs({
  options: {
    profiles: { type: 'string', default: '20000' },
    questions: { type: 'string', default: '50000' },
    identifiers: { type: 'string', default: '500' },
    messages: { type: 'string', default: '20000' },
    rows: { type: 'string', default: '5000' },
    decisions: { type: 'string', default: '20' },
    times: { type: 'string', default: '9' },
    built: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const size = (name: Exclude<keyof typeof values, 'json' | 'built'>): number => Number(values[name])
const times = size('times')
const CLI = commandLine(values.built)
const EMPTY_PAGE = new URL('./empty-page.ts', import.meta.url).pathname

const SETTINGS = { configuration: null, notice: () => undefined } as const

const data = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  const figures = await run()
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(32), value)
} finally {
  await rm(data, { recursive: true, force: true })
}

async function run(): Promise<Figures> {
  // What others do on the machine makes every time longer.
  const [load = 0] = loadavg()
  const account = await openAccount(data, SETTINGS)
  await fill(account, {
    profiles: size('profiles'),
    questions: size('questions'),
    identifiers: size('identifiers'),
    messages: size('messages'),
  })
  // Of the world before anybody decides: which of the questions worth the same come first is another one every time.
  const result = await resultOf(account)
  await account.close()
  const figures = await measured()
  return {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    load_before: rounded(load),
    questions: size('questions') + 1,
    large_identifiers: size('identifiers'),
    large_messages: size('messages'),
    times,
    ...figures,
    ...result,
  }
}

/** Two browsers, of two stewards, on a server that has just started. */
async function measured(): Promise<Figures> {
  const [empty, server] = [await started([EMPTY_PAGE]), await startServe(CLI, data)]
  const { url, token } = server
  const client = createClient({ url, token })
  const browsers = [await launch(), await launch()] as const
  const [browser] = browsers
  try {
    const { key: ana } = await client.createKey({ kind: 'token', role: 'steward', label: 'ana' })
    const { key: ben } = await client.createKey({ kind: 'token', role: 'steward', label: 'ben' })
    const stewards = [await signIn(browser, url, ana), await signIn(browser, url, ben)] as const
    const of = { browser, signed: stewards[0], url, times }
    const [rows, decisions] = [size('rows'), size('decisions')]
    return {
      chromium: browser.version(),
      ...(await emptyPage({ browser, url: empty.url, times })),
      ...(await firstView(of, bundle())),
      ...(await largeProfile(of)),
      ...(await queueFigures({ browsers, stewards, url, times, rows, decisions })),
      server_peak_mb: Math.round(server.peakBytes() / 1e6),
    }
  } finally {
    for (const one of browsers) await one.close()
    await empty.stop()
    await server.stop()
  }
}
