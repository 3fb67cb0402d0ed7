// An office of stewards: a real server over a simulated world, and browsers of people who sign in there with tokens of
// their own.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished, vi } from 'vitest'

import { createClient, type Client } from '../../src/apps/client/index.ts'
import { visitor } from '../clients/browser/chromium.ts'
import { folder, run, runJson, serve, type Served } from '../cli/run.ts'

// Each file makes a world of its own by four commands, and browsers share two cores with them.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** How soon it should be is measured by the benchmark; here it has as long as a busy machine takes. */
export const SOON = { timeout: 30_000, interval: 20 }

/** For something to be there on a busy machine. */
const WAIT_MS = 60_000

type Role = 'reader' | 'steward' | 'admin'

export interface Office {
  readonly cwd: string
  /** Of the server that runs now. */
  readonly url: () => string
  /** As a program with an administrator's token. */
  readonly api: Client
  /** A new token of the role, with the name. */
  readonly token: (role: Role, name: string) => Promise<string>
  /** A browser in which somebody has signed in, at the console. */
  readonly signedIn: (role: Role, name: string, options?: BrowserContextOptions) => Promise<Page>
  /** Messages of one site, taken and resolved. */
  readonly send: (...messages: readonly object[]) => Promise<void>
  readonly stop: () => Promise<void>
  readonly comeBack: () => Promise<void>
}

interface World {
  /** The configuration, instead of none. */
  readonly settings?: object
  /** Options of `simulate`. */
  readonly world?: readonly string[]
}

const HARD = ['--hard', '--days', '40', '--seed', '7']

/** With the messages of a world and a run over them. */
export async function openOffice(
  people = 150,
  { settings, world = HARD }: World = {},
): Promise<Office> {
  const cwd = await folder()
  if (settings !== undefined)
    await writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify(settings))
  await succeeds(cwd, 'simulate', '--people', `${people}`, ...world, '--out', 'world.ndjson')
  await succeeds(cwd, 'ingest', 'world.ndjson')
  await succeeds(cwd, 'resolve')
  let server: Served = await serve(cwd)
  const { url, token, writeKey } = server
  const make = async (role: Role, label: string): Promise<string> => {
    const made = await runJson<{ key: string }>(
      ['keys', 'create', '--role', role, '--label', label],
      { cwd },
    )
    return made.key
  }
  return {
    cwd,
    url: () => url,
    api: createClient({ url, token }),
    token: make,
    signedIn: async (role, name, options = {}) => {
      const context = await visitor({ viewport: { width: 1440, height: 900 }, ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(WAIT_MS)
      const wrong = listenForFaults(page)
      onTestFinished(() => expect(wrong()).toEqual([]))
      await page.goto(url)
      await page.getByLabel('Token').fill(await make(role, name))
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('status').getByText('live').waitFor()
      return page
    },
    send: async (...messages) => {
      const answer = await fetch(`${url}/v1/batch?resolve=sync`, {
        method: 'POST',
        body: JSON.stringify({ batch: messages, writeKey }),
      })
      expect(answer.status).toBe(200)
    },
    stop: async () => {
      await server.stop()
    },
    comeBack: async () => {
      server = await serve(cwd, '--port', new URL(url).port)
    },
  }
}

async function succeeds(cwd: string, ...args: readonly string[]): Promise<void> {
  const ran = await run(args, { cwd })
  expect([args[0], ran.code, ran.stderr.includes('    at ')]).toEqual([args[0], 0, false])
}

/** Scripts that failed and whatever the content security policy refused; answers that are refused on purpose are none. */
function listenForFaults(page: Page): () => readonly string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() !== 'error' || text.startsWith('Failed to load resource')) return
    if (text.includes('ERR_INTERNET_DISCONNECTED') || text.includes('ERR_CONNECTION')) return
    faults.push(text)
  })
  return () => faults
}
