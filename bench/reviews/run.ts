// What does a steward wait for: pages of a long queue, one question whole, a decision and the next question?
// Usage: node bench/reviews/run.ts [--profiles N] [--questions N] [--decisions N] [--identifiers N] [--messages N] [--json]
// The last two are of each of two large profiles, which one question is about.

import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { Account } from '../../src/apps/account/account.ts'
import { openAccount } from '../../src/apps/account/open-account.ts'
import { accountLookUps } from '../../src/apps/answers/account-look-ups.ts'
import type { Answered } from '../../src/apps/answers/look-ups.ts'
import { ByHand } from '../../src/apps/steward/by-hand.ts'
import { type Page, Reviews } from '../../src/apps/steward/reviews.ts'
import { Verdicts } from '../../src/flows/give-verdict.ts'
import { AT, fill } from './world.ts'

const { values } = parseArgs({
  options: {
    profiles: { type: 'string', default: '20000' },
    questions: { type: 'string', default: '50000' },
    decisions: { type: 'string', default: '100' },
    identifiers: { type: 'string', default: '500' },
    messages: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
})
const size = (name: Exclude<keyof typeof values, 'json'>): number => Number(values[name])
const [profiles, questions, decisions] = [size('profiles'), size('questions'), size('decisions')]

const STEWARD = { name: 'sam', token: null, now: AT }
const PAGES = 100
const TIMES = 9

type Figures = Record<string, number | string>

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  const figures = await run()
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(32), value)
} finally {
  await rm(folder, { recursive: true })
}

async function run(): Promise<Figures> {
  const account = await openAccount(folder, { configuration: null, notice: () => undefined })
  try {
    await fill(account, {
      profiles,
      questions,
      identifiers: size('identifiers'),
      messages: size('messages'),
    })
  } finally {
    await account.close()
  }
  return measured(await openAccount(folder, { configuration: null, notice: () => undefined }))
}

/** On what a restart finds: nothing of it is in memory. */
async function measured(account: Account): Promise<Figures> {
  try {
    const lookUps = accountLookUps(account)
    const verdicts = new Verdicts(account)
    const reviews = new Reviews(account, lookUps, verdicts)
    return {
      machine: cpus()[0]?.model ?? '',
      profiles,
      questions: (await account.store.counts()).questions,
      ...(await pages(reviews, 50)),
      ...(await pages(reviews, 200)),
      ...(await sitting(reviews)),
      ...(await largeOnes(new ByHand(account, verdicts), reviews)),
    }
  } finally {
    await account.close()
  }
}

/** Ms of the first page and of the hundredth, each when nobody has looked at it before. */
async function pages(reviews: Reviews, limit: number): Promise<Figures> {
  const times: number[] = []
  for (let page: Page | null = { status: 'open', after: null, limit }; page !== null;) {
    const asked: Page = page
    const [answer, ms] = await timed(() => reviews.list(asked, AT))
    times.push(ms)
    const { next } = valueOf(answer)
    page = next === null || times.length === PAGES ? null : { ...asked, after: next }
  }
  return {
    [`first_page_of_${limit}_ms`]: rounded(times[0] ?? 0),
    [`page_${times.length}_of_${limit}_ms`]: rounded(times.at(-1) ?? 0),
    [`pages_of_${limit}_p50_ms`]: rounded(at(times, 0.5)),
    [`pages_of_${limit}_max_ms`]: rounded(at(times, 1)),
  }
}

/** One decision after the other, each followed by the next question. */
async function sitting(reviews: Reviews): Promise<Figures> {
  const [looks, decides]: [number[], number[]] = [[], []]
  const page = valueOf(await reviews.list({ status: 'open', after: null, limit: 200 }, AT))
  for (const [i, { id }] of page.reviews.slice(1, decisions + 1).entries()) {
    const [looked, look_ms] = await timed(() => reviews.look(id, AT))
    // What was decided before may have settled it.
    if (!looked.ok) continue
    const verdict = i % 2 === 0 ? 'same' : 'different'
    const decision = { verdict, note: '', seen: null } as const
    const [decided, decide_ms] = await timed(() => reviews.decide(id, decision, STEWARD))
    if (!decided.ok) continue
    looks.push(look_ms)
    decides.push(decide_ms)
  }
  return {
    decided: decides.length,
    decide_p50_ms: rounded(at(decides, 0.5)),
    decide_max_ms: rounded(at(decides, 1)),
    look_p50_ms: rounded(at(looks, 0.5)),
    look_max_ms: rounded(at(looks, 1)),
  }
}

async function largeOnes(byHand: ByHand, reviews: Reviews): Promise<Figures> {
  const [first] = valueOf(await reviews.list({ status: 'open', after: null, limit: 1 }, AT)).reviews
  const id = first?.id ?? ''
  const trying = { note: '', dryRun: true }
  const look = valueOf(await reviews.look(id, AT))
  const merge = () => byHand.merge(['cookie:c-x0', 'cookie:c-y0'], trying, STEWARD)
  const half = (look.profiles[0]?.identifiers ?? []).map(({ identifier }) => identifier)
  const some = half.slice(0, half.length / 2)
  const split = () => byHand.split(look.profiles[0]?.id ?? '', some, trying, STEWARD)
  return {
    large_identifiers: look.a.identifiers + look.b.identifiers,
    large_look_ms: await median(() => reviews.look(id, AT)),
    large_look_cpu_ms: await cpu(() => reviews.look(id, AT)),
    large_merge_preview_ms: await median(merge),
    large_split_preview_ms: await median(split),
  }
}

async function median<T>(work: () => Promise<Answered<T>>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < TIMES; i++) {
    const [answer, ms] = await timed(work)
    valueOf(answer)
    times.push(ms)
  }
  return rounded(at(times, 0.5))
}

/** Of all threads: what it would take on a machine that nobody else uses. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < TIMES; i++) await work()
  const { user, system } = process.cpuUsage(before)
  return rounded((user + system) / 1_000 / TIMES)
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now()
  const answer = await work()
  return [answer, performance.now() - start]
}

function at(times: readonly number[], share: number): number {
  const sorted = times.toSorted((x, y) => x - y)
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}

function valueOf<T>(answered: Answered<T>): T {
  if (!answered.ok) throw new Error(answered.message)
  return answered.value
}
