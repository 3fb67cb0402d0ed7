// The first view of all, and a profile with very many identifiers and messages, part by part.

import type { Browser, BrowserContext } from 'playwright-core'

import { atConsole, opened, type Signed } from './browsers.ts'
import type { Bundle } from './bundle.ts'
import { figuresOf, type Figures, kilobytes } from './figures.ts'
import { afterPress, type Drawn } from './stopwatch.ts'

const VISITORS_DRAWN = "document.querySelector('.visitors .row-link') !== null"
/** Nothing of the view waits for an answer any more. */
const NONE_WAITS = "document.querySelector('main .waiting') === null"

interface Of {
  readonly browser: Browser
  readonly signed: Signed
  readonly url: string
  readonly times: number
}

/** From navigation to the list of visitors, each time by somebody who has never been there. */
export async function firstView(
  { browser, signed, url, times }: Of,
  bundle: Bundle,
): Promise<Figures> {
  const ms: number[] = []
  let [files, transferred]: [readonly string[], number] = [[], 0]
  for (let n = 0; n < times; n++) {
    const context = await opened(browser, signed)
    ms.push(await sinceNavigation(context, url, VISITORS_DRAWN))
    const [page] = context.pages()
    const fetched = await page?.evaluate<[string, number][]>(FETCHED)
    files = (fetched ?? []).map(([name]) => new URL(name).pathname)
    transferred = (fetched ?? []).reduce((sum, [, bytes]) => sum + bytes, 0)
    await context.close()
  }
  return {
    ...figuresOf('first_view', ms),
    bundle_files: bundle.files,
    bundle_gzip_kb: kilobytes(bundle.bytes),
    first_view_gzip_kb: kilobytes(bundle.bytesOf(files)),
    first_view_transferred_kb: kilobytes(transferred),
  }
}

/** Address and bytes of the page and of each of its files; the API is not the bundle. */
const FETCHED = `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(({ name }) => !name.includes('/v1/'))
  .map(({ name, transferSize }) => [name, transferSize])`

/** The floor: an empty page, and a click that changes a word of it. */
export async function emptyPage({ browser, url, times }: Omit<Of, 'signed'>): Promise<Figures> {
  const [first, clicks]: [number[], number[]] = [[], []]
  for (let n = 0; n < times; n++) {
    const context = await opened(browser)
    first.push(await sinceNavigation(context, url, "document.querySelector('p') !== null"))
    const [page] = context.pages()
    if (page === undefined) throw new Error('the page is gone')
    const isThere = "document.querySelector('p').textContent === 'clicked'"
    clicks.push((await afterPress(page, () => page.click('p'), isThere)).ms)
    await context.close()
  }
  return { ...figuresOf('floor_empty_page', first), ...figuresOf('floor_click', clicks) }
}

async function sinceNavigation(
  context: BrowserContext,
  url: string,
  isThere: string,
): Promise<number> {
  await context.addInitScript(`globalThis.first = stopwatch.sinceNavigation(() => ${isThere})`)
  const page = await context.newPage()
  await page.goto(url)
  return (await page.evaluate<Drawn>('first')).ms
}

const PARTS = {
  overview: `document.querySelector('.golden') !== null && document.querySelector('.timeline') !== null && ${NONE_WAITS}`,
  identifiers: `document.querySelector('table.identifiers tbody tr') !== null && ${NONE_WAITS}`,
  activity: `document.querySelectorAll('.timeline li').length > 20 && document.querySelector('.lane') !== null`,
  // Laid out and drawn at once when its canvas is there.
  graph: `document.querySelector('.graph canvas.sigma-marks') !== null && document.querySelector('table.edges') !== null`,
} as const

/** One of the two large profiles, which were heard of last, from the list of visitors; nothing of it is known before. */
export async function largeProfile({ browser, signed, url, times }: Of): Promise<Figures> {
  const context = await opened(browser, signed)
  const ms: Record<keyof typeof PARTS, number[]> = {
    overview: [],
    activity: [],
    graph: [],
    identifiers: [],
  }
  for (let n = 0; n < times; n++) {
    const page = await atConsole(context, url)
    const row = page.locator('.visitors .row-link').nth(n % 2)
    await row.waitFor()
    ms.overview.push((await afterPress(page, () => row.click(), PARTS.overview)).ms)
    for (const part of ['activity', 'graph', 'identifiers'] as const) {
      const link = page.locator(`nav.parts a[href$="part=${part}"]`)
      ms[part].push((await afterPress(page, () => link.click(), PARTS[part])).ms)
    }
    await page.close()
  }
  await context.close()
  const figures: Figures = {}
  for (const [part, of] of Object.entries(ms)) Object.assign(figures, figuresOf(part, of))
  return figures
}
