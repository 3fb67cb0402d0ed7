// The queue of very many open questions: its first page, scrolling and jumping in it, one decision after the other,
// and what somebody else sees of a decision in a browser of their own.

import type { Browser, Page } from 'playwright-core'

import { atConsole, opened, type Signed } from './browsers.ts'
import { figuresOf, type Figures, rounded } from './figures.ts'
import { afterPress, armed, type Drawn, isThere, type Scrolled } from './stopwatch.ts'
import { quantile } from '../serve/loads.ts'

const LIST = '.queue-list'
const WHEEL_PIXELS = 680
const JUMPS = 50
/** Far from one another, none twice. */
const JUMP_ROWS = 1_931
const LONG_FRAME_MS = 50

const ROWS_DRAWN = "document.querySelectorAll('.queue-row').length > 10"

export interface Desks {
  /** One for each steward. */
  readonly browsers: readonly [Browser, Browser]
  readonly stewards: readonly [Signed, Signed]
  readonly url: string
  readonly times: number
  readonly rows: number
  readonly decisions: number
}

export async function queueFigures(desks: Desks): Promise<Figures> {
  const first = await firstPages(desks)
  const page = await atReview(desks, 0)
  const scrolled = await scroll(page, desks.rows)
  const jumped = await jump(page, desks.rows)
  await page.close()
  return { ...first, ...scrolled, ...jumped, ...(await sitting(desks)) }
}

/** The list when it is first opened, and the first question, which is about the two large profiles. */
async function firstPages({ browsers: [browser], stewards: [signed], url, times }: Desks) {
  const [lists, questions, wholes]: [number[], number[], number[]] = [[], [], []]
  const context = await opened(browser, signed)
  for (let n = 0; n < times; n++) {
    const page = await atConsole(context, url)
    const question = await armed(page, answerable(''))
    const whole = await armed(page, wholly(''))
    const link = page.getByRole('link', { name: 'Review', exact: true })
    lists.push((await afterPress(page, () => link.click(), ROWS_DRAWN)).ms)
    questions.push((await question()).ms)
    wholes.push((await whole()).ms)
    await page.close()
  }
  await context.close()
  return {
    ...figuresOf('queue', lists),
    ...figuresOf('large_question', questions),
    ...figuresOf('large_question_whole', wholes),
  }
}

async function atReview(
  { browsers, stewards, url }: Pick<Desks, 'browsers' | 'stewards' | 'url'>,
  who: 0 | 1,
): Promise<Page> {
  const page = await atConsole(await opened(browsers[who], stewards[who]), `${url}/#/review`)
  // What is drawn of the first question is no matter of the list.
  await isThere(page, `${ROWS_DRAWN} && ${wholly('')}`)
  return page
}

/** By the wheel, so far that so many rows have gone by. */
async function scroll(page: Page, rows: number): Promise<Figures> {
  await page.locator(LIST).hover()
  await page.evaluate(`stopwatch.watch('${LIST}')`)
  const gone = `(({ scrollTop, clientHeight, firstElementChild: { firstElementChild: row } }) =>
    (scrollTop + clientHeight) / row.offsetHeight)(document.querySelector('${LIST}'))`
  const began = performance.now()
  while ((await page.evaluate<number>(gone)) < rows) await page.mouse.wheel(0, WHEEL_PIXELS)
  const took = performance.now() - began
  const { frames, blanks, waits } = await page.evaluate<Scrolled>('stopwatch.watched()')
  return {
    scroll_rows: rows,
    scroll_rows_per_s: Math.round((rows / took) * 1_000),
    scroll_frames: frames.length,
    ...figuresOf('scroll_frame', frames),
    scroll_frames_over_50_ms: frames.filter((ms) => ms > LONG_FRAME_MS).length,
    scroll_blank_times: blanks.length,
    scroll_blank_max_ms: rounded(quantile(blanks, 1)),
    scroll_end_times: waits.length,
    ...figuresOf('scroll_end', waits),
  }
}

/** To places all over what is loaded, as by dragging the bar. */
async function jump(page: Page, rows: number): Promise<Figures> {
  const ms: number[] = []
  for (let n = 1; n <= JUMPS; n++) {
    const top = `${(n * JUMP_ROWS) % (rows - 20)} * document.querySelector('${LIST} li').offsetHeight`
    ms.push((await page.evaluate<Drawn>(`stopwatch.jump('${LIST}', ${top})`)).ms)
  }
  return figuresOf('jump', ms)
}

/** One decision after the other by key; first alone, then with somebody else who looks at the list. */
async function sitting(desks: Desks): Promise<Figures> {
  const page = await atReview(desks, 0)
  // The question between the large profiles is a case of its own.
  const large = await placeOf(page)
  await afterPress(page, () => page.keyboard.press('k'), answerable(large))
  const [next, whole, gone]: [number[], number[], number[]] = [[], [], []]
  for (let n = 0; n < desks.decisions; n++) {
    const drawn = await armed(page, wholly(await placeOf(page)))
    next.push((await decide(page, n)).ms)
    whole.push((await drawn()).ms)
  }
  const other = await atReview(desks, 1)
  for (let n = 0; n < desks.decisions; n++) {
    const row = `document.querySelector('.queue-row[href="${await placeOf(page)}"]')`
    await isThere(other, `${row} !== null`)
    const drawn = isThere(other, `${row} === null`)
    const { pressedAt } = await decide(page, n)
    gone.push((await drawn).drawnAt - pressedAt)
  }
  return {
    decisions: desks.decisions,
    ...figuresOf('decide_to_next', next),
    ...figuresOf('decide_to_whole_next', whole),
    ...figuresOf('gone_in_second_browser', gone),
  }
}

/** Until the next question can be answered. */
async function decide(page: Page, n: number): Promise<Drawn> {
  const key = n % 2 === 0 ? 's' : 'd'
  return afterPress(page, () => page.keyboard.press(key), answerable(await placeOf(page)))
}

async function placeOf(page: Page): Promise<string> {
  return page.evaluate<string>('location.hash')
}

/** Another question than that is there, with its sides and its evidence, and takes an answer. */
function answerable(place: string): string {
  const has = (what: string): string => `document.querySelector('.question ${what}') !== null`
  return [
    `location.hash !== '${place}'`,
    "location.hash === '#/review/' + document.querySelector('.question')?.id",
    has('.answers .primary:not([disabled])'),
    has('.sides'),
    has('[aria-label="Evidence"]'),
  ].join(' && ')
}

/** The same with the picture and what was done on both sides. */
function wholly(place: string): string {
  return `${answerable(place)} && document.querySelector('.question canvas.sigma-marks') !== null
    && document.querySelector('.question .timeline') !== null`
}
