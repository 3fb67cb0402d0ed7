// Browsers of people who are signed in at the console, each with an empty cache until it has been there.
// Invariant: a page that fails or logs an error ends the benchmark.

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

import { ARGUMENTS, CHROMIUM } from '../../test/clients/browser/executable.ts'
import { STOPWATCH } from './stopwatch.ts'

const VIEWPORT = { width: 1440, height: 900 }

export type Signed = Awaited<ReturnType<BrowserContext['storageState']>>

export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS] })
}

/** The cookies of whoever has the token. */
export async function signIn(browser: Browser, url: string, token: string): Promise<Signed> {
  const context = await browser.newContext()
  const answer = await context.request.post(`${url}/v1/session`, {
    data: { token },
    headers: { origin: url },
  })
  if (!answer.ok()) throw new Error(`signing in was answered with ${answer.status()}`)
  const signed = await context.storageState()
  await context.close()
  return signed
}

/** Somebody with an empty cache; nobody in particular without `signed`. */
export async function opened(browser: Browser, signed?: Signed): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    ...(signed !== undefined && { storageState: signed }),
  })
  await context.addInitScript(STOPWATCH)
  return context
}

/** A page at the console whose stream has begun. */
export async function atConsole(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(address)
  await page.locator('.connection.is-live').waitFor()
  return page
}
