// Pages in real Chromium, from a small web server on a port of its own beside the server they send to.
// Invariant: nothing is fetched from outside this machine: names do not resolve, and a try fails the test.
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
} from 'playwright-core'
import { afterAll, expect, onTestFinished } from 'vitest'

import { ARGUMENTS, CHROMIUM } from './executable.ts'

/** Without it a suite is skipped, and says so. */
export const hasChromium = existsSync(CHROMIUM)
if (!hasChromium) process.stderr.write(`skipped: there is no Chromium at ${CHROMIUM}\n`)

let browser: Promise<Browser> | undefined
let server: Promise<Server> | undefined

/** Path -> body. */
const files = new Map<string, string>()

afterAll(async () => {
  await (await browser)?.close()
  ;(await server)?.close()
})

/** A visitor with an empty browser. `dnt`: one who asks not to be tracked. */
export async function visitor({
  dnt = false,
  ...options
}: { dnt?: boolean } & BrowserContextOptions = {}): Promise<BrowserContext> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS] })
  const context = await (
    await browser
  ).newContext({
    locale: 'pt-PT',
    timezoneId: 'Europe/Lisbon',
    ...options,
  })
  if (dnt) {
    await context.addInitScript(
      "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })",
    )
  }
  const elsewhere: string[] = []
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') elsewhere.push(request.url())
  })
  onTestFinished(async () => {
    await context.close()
    expect(elsewhere).toEqual([])
  })
  return context
}

/** Where the pages are: `http://127.0.0.1:…`, another origin than the server's and the same site. */
export async function origin(): Promise<string> {
  server ??= new Promise((resolve) => {
    const listening = createServer((request, response) => {
      const path = new URL(request.url ?? '', 'http://x').pathname
      const body = files.get(path)
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': `${type}; charset=utf-8`,
      })
      response.end(body)
    }).listen(0, '127.0.0.1', () => resolve(listening))
  })
  return `http://127.0.0.1:${((await server).address() as AddressInfo).port}`
}

/** Puts a page there; its address. */
export async function putPage(path: string, head: string, body = ''): Promise<string> {
  const html = `<!doctype html><title>${path}</title><link rel="icon" href="data:,">${head}<body>${body}`
  files.set(path.replace(/\?.*/, ''), html)
  return (await origin()) + path
}

/** Puts a file of an installed package there, under the path. */
export function putModule(path: string, file: string): void {
  const place = fileURLToPath(new URL(`../../../node_modules/${file}`, import.meta.url))
  files.set(path, readFileSync(place, 'utf8'))
}
