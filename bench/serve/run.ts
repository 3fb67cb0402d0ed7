// How much does the front door take, how fast does it answer, and what does it do when more comes than it can take?
// Usage: node bench/serve/run.ts [--messages N] [--seconds S] [--seed S] [--built] [--profile FOLDER] [--json]
// Client and server share the machine's cores; what the client cost is printed beside.

import { mkdtemp, open, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { commandLine } from '../command-line.ts'
import type { Account } from '../../src/apps/account/account.ts'
import { openToLook } from '../../src/apps/account/open-account.ts'
import { simulate } from '../../src/simulator/index.ts'
import { resultOf } from '../ingest/result.ts'
import { type Answer, Connections, requestOf } from './connections.ts'
import { asFastAsTaken, atRate, type Load, quantile, shareOf, timesOf } from './loads.ts'
import { startEmpty, startServe, type Server } from './server.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    built: { type: 'boolean', default: false },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const messages = Number(values.messages)
/** Of each load at a rate. */
const seconds = Number(values.seconds)
const seed = Number(values.seed)
const CLI = commandLine(values.built)

const BATCH = 100
const BATCHES_AT_ONCE = 16
const SINGLES_PER_SECOND = 1_000
const LOOK_UPS_PER_SECOND = 5_000
const LOOK_UPS_AT_ONCE = 16
const MEANWHILE_PER_SECOND = 2_000
const MEANWHILE_BATCH = 20
const OVERLOAD = 3
const CONNECTIONS = 256
const OVERLOAD_CONNECTIONS = 1_000
const FSYNC_BYTES = 1_000
const FSYNCS = Math.min(500, 100 * seconds)
/** Single messages before and after an overload, 100 a second. */
const BEFORE = Math.min(200, 100 * seconds)
const AFTER = Math.min(1_000, 200 * seconds)
const MESSAGES_PER_PERSON = 30
const OPTIONS =
  values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]

type Figures = Record<string, number | string>
type Message = Readonly<Record<string, unknown>> & { readonly messageId: string }

/**
 * The messages of a world, in the order they arrive, as the requests of a client of one site. None says when it was
 * sent: then it happened when it says, whenever this is run, and the same comes out of every run.
 */
function* world(worldSeed: number, count: number): Generator<Message, void> {
  const people = Math.ceil(count / MESSAGES_PER_PERSON) + 100
  for (const { message } of simulate({ people, seed: worldSeed })) {
    const { sentAt: _, ...rest } = message as unknown as Message
    yield rest
  }
}

function taken(from: Iterator<Message, void>, count: number): Message[] {
  const some: Message[] = []
  while (some.length < count) {
    const next = from.next()
    if (next.done === true) throw new Error('the world has too few messages')
    some.push(next.value)
  }
  return some
}

function batches(
  { writeKey }: Pick<Server, 'writeKey'>,
  all: readonly Message[],
  size = BATCH,
): Buffer[] {
  const headers = headersOf(writeKey)
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => {
    const batch = all.slice(i * size, (i + 1) * size)
    return requestOf('POST', '/v1/batch', headers, JSON.stringify({ batch }))
  })
}

function singles({ writeKey }: Pick<Server, 'writeKey'>, all: readonly Message[]): Buffer[] {
  const headers = headersOf(writeKey)
  return all.map((message) =>
    requestOf(
      'POST',
      `/v1/${String(message['type'])}?resolve=sync`,
      headers,
      JSON.stringify(message),
    ),
  )
}

function headersOf(writeKey: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(writeKey !== '' && { authorization: `Basic ${btoa(`${writeKey}:`)}` }),
  }
}

/** Looks up who has just been seen, mostly: cookies of the messages, in an order that does not repeat itself soon. */
function lookUps({ token }: Server, all: readonly Message[], count: number): Buffer[] {
  const cookies = [
    ...new Set(
      all.flatMap(({ anonymousId }) => (typeof anonymousId === 'string' ? [anonymousId] : [])),
    ),
  ]
  return Array.from({ length: count }, (_, i) => {
    const cookie = cookies[(i * 7_919) % cookies.length] ?? ''
    const path = `/v1/profiles?identifier=${encodeURIComponent(`cookie:${cookie}`)}`
    return requestOf('GET', path, { authorization: `Bearer ${token}` })
  })
}

async function fsyncs(folder: string, count: number): Promise<number[]> {
  const file = await open(join(folder, 'fsync'), 'a')
  const bytes = Buffer.alloc(FSYNC_BYTES, 'x')
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const began = performance.now()
    await file.write(bytes)
    await file.datasync()
    times.push(performance.now() - began)
    await sleep(1)
  }
  await file.close()
  return times
}

const round = (value: number): number => Math.round(value * 100) / 100

const sound = (load: Load): Load => {
  const odd = load.answers.find(({ status }) => status !== 200)
  if (odd !== undefined) throw new Error(`a request was answered with ${odd.status}`)
  return load
}

const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
try {
  const figures: Figures = {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    seed,
    messages,
    seconds,
    ...(await emptyFigures()),
    ...(await batchFigures()),
  }
  Object.assign(figures, await servingFigures(Number(figures['messages_per_s'])))
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(32), value)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function withServer<T>(
  server: Server,
  run: (connections: Connections) => Promise<T>,
): Promise<T> {
  const connections = new Connections(server.url, CONNECTIONS)
  try {
    return await run(connections)
  } finally {
    connections.close()
    await server.stop()
  }
}

/** The floor: the same requests to a handler that does nothing. */
async function emptyFigures(): Promise<Figures> {
  const source = world(seed, messages)
  const server = await startEmpty()
  return withServer(server, async (connections) => {
    const load = sound(
      await asFastAsTaken(connections, batches(server, taken(source, messages)), BATCHES_AT_ONCE),
    )
    const one = singles(
      server,
      taken(world(seed, messages), Math.min(messages, SINGLES_PER_SECOND * seconds)),
    )
    const rate = sound(await atRate(connections, one, SINGLES_PER_SECOND))
    const gets = Array.from({ length: LOOK_UPS_PER_SECOND * seconds }, () =>
      requestOf('GET', '/', {}),
    )
    const empty = sound(await asFastAsTaken(connections, gets, LOOK_UPS_AT_ONCE))
    return {
      empty_messages_per_s: Math.round(messages / load.seconds),
      empty_single_p50_ms: round(quantile(timesOf(rate), 0.5)),
      empty_single_p99_ms: round(quantile(timesOf(rate), 0.99)),
      empty_gets_per_s: Math.round(empty.answers.length / empty.seconds),
    }
  })
}

/** (a) Batches, as many as are taken. */
async function batchFigures(): Promise<Figures> {
  const data = join(folder, 'batches')
  const server = await startServe(CLI, data, OPTIONS)
  const figures = await withServer(server, async (connections) => {
    const requests = batches(server, taken(world(seed, messages), messages))
    const cpu = server.cpuSeconds()
    const load = sound(await asFastAsTaken(connections, requests, BATCHES_AT_ONCE))
    return {
      messages_per_s: Math.round(messages / load.seconds),
      batch_p50_ms: round(quantile(timesOf(load), 0.5)),
      batch_p99_ms: round(quantile(timesOf(load), 0.99)),
      batch_server_cpu: round((server.cpuSeconds() - cpu) / load.seconds),
      batch_client_cpu: round(load.clientCpu),
      batch_peak_mb: Math.round(server.peakBytes() / 1e6),
    }
  })
  const account = await openToLook(data, { configuration: null, notice: () => undefined })
  const result = await resultOf(account)
  await account.close()
  return { ...figures, ...result }
}

/** (b) single messages, (c) look-ups beside messages, (d) too much; all on one server that has seen some before. */
async function servingFigures(messagesPerSecond: number): Promise<Figures> {
  const data = join(folder, 'serving')
  const server = await startServe(CLI, data, OPTIONS)
  const overload = new Set<string>()
  const figures = await withServer(server, async (connections) => {
    const wanted = SINGLES_PER_SECOND * seconds + 2 * MEANWHILE_PER_SECOND * seconds
    const tooMany = Math.ceil(OVERLOAD * messagesPerSecond * seconds)
    const source = world(seed + 1, messages + wanted + tooMany + 25_000)
    const first = taken(source, Math.min(messages, 50_000))
    sound(await asFastAsTaken(connections, batches(server, first), BATCHES_AT_ONCE))
    const look = lookUps(server, first, LOOK_UPS_PER_SECOND * seconds)
    // What is compiled in the first second is not what is measured.
    await asFastAsTaken(connections, singles(server, taken(source, Math.min(2_000, messages))), 4)
    await asFastAsTaken(connections, look.slice(0, 5_000), 4)
    return {
      ...(await singleFigures(server, connections, source)),
      ...(await lookUpFigures(server, connections, source, look)),
      ...(await overloadFigures(server, connections, source, tooMany, messagesPerSecond, overload)),
      serving_peak_mb: Math.round(server.peakBytes() / 1e6),
    }
  })
  return { ...figures, ...(await lossFigures(data, overload)) }
}

async function singleFigures(
  server: Server,
  connections: Connections,
  source: Iterator<Message, void>,
): Promise<Figures> {
  const disk = await fsyncs(folder, FSYNCS)
  const requests = singles(server, taken(source, SINGLES_PER_SECOND * seconds))
  const cpu = server.cpuSeconds()
  const load = sound(await atRate(connections, requests, SINGLES_PER_SECOND))
  const serverCpu = (server.cpuSeconds() - cpu) / load.seconds
  disk.push(...(await fsyncs(folder, FSYNCS)))
  return {
    single_p50_ms: round(quantile(timesOf(load), 0.5)),
    single_p99_ms: round(quantile(timesOf(load), 0.99)),
    single_client_late_p99_ms: round(load.lateP99Ms),
    single_server_cpu: round(serverCpu),
    single_client_cpu: round(load.clientCpu),
    fsync_p50_ms: round(quantile(disk, 0.5)),
    fsync_p99_ms: round(quantile(disk, 0.99)),
  }
}

async function lookUpFigures(
  server: Server,
  connections: Connections,
  source: Iterator<Message, void>,
  requests: readonly Buffer[],
): Promise<Figures> {
  const meanwhile = (): Promise<Load> => {
    const some = taken(source, MEANWHILE_PER_SECOND * seconds)
    return atRate(
      connections,
      batches(server, some, MEANWHILE_BATCH),
      MEANWHILE_PER_SECOND / MEANWHILE_BATCH,
    )
  }
  const [rated, beside] = await Promise.all([
    atRate(connections, requests, LOOK_UPS_PER_SECOND),
    meanwhile(),
  ])
  const [most] = await Promise.all([
    asFastAsTaken(connections, requests, LOOK_UPS_AT_ONCE),
    meanwhile(),
  ])
  sound(beside)
  return {
    look_up_not_answered: rated.answers.filter(({ status }) => status !== 200).length,
    look_up_p50_ms: round(quantile(timesOf(rated), 0.5)),
    look_up_p99_ms: round(quantile(timesOf(rated), 0.99)),
    look_up_client_late_p99_ms: round(rated.lateP99Ms),
    look_up_client_cpu: round(rated.clientCpu),
    look_ups_per_s: Math.round(most.answers.length / most.seconds),
    look_ups_ms_p99_at_most: round(quantile(timesOf(most), 0.99)),
    meanwhile_messages_per_s: Math.round(
      (beside.answers.length * MEANWHILE_BATCH) / beside.seconds,
    ),
  }
}

async function overloadFigures(
  server: Server,
  connections: Connections,
  source: Iterator<Message, void>,
  tooMany: number,
  messagesPerSecond: number,
  accepted: Set<string>,
): Promise<Figures> {
  const usual = sound(await atRate(connections, singles(server, taken(source, BEFORE)), 100))
  const usualP99 = quantile(timesOf(usual), 0.99)
  const some = taken(source, tooMany)
  const many = new Connections(server.url, OVERLOAD_CONNECTIONS)
  const load = await atRate(many, batches(server, some), (OVERLOAD * messagesPerSecond) / BATCH)
  load.answers.forEach(({ status }, i) => {
    if (status !== 200) return
    for (const { messageId } of some.slice(i * BATCH, (i + 1) * BATCH)) accepted.add(messageId)
  })
  const odd = load.answers.filter(({ status }) => status !== 200 && status !== 429).length
  const after = await atRate(connections, singles(server, taken(source, AFTER)), 100)
  return {
    overload_messages_per_s: Math.round(OVERLOAD * messagesPerSecond),
    overload_accepted_per_s: Math.round(accepted.size / load.seconds),
    overload_429_share: round(shareOf(load, 429)),
    overload_other_answers: odd,
    overload_accepted_p50_ms: round(quantile(timesOf(load), 0.5)),
    overload_accepted_p99_ms: round(quantile(timesOf(load), 0.99)),
    overload_429_p50_ms: round(quantile(timesOf(load, 429), 0.5)),
    overload_client_late_p99_ms: round(load.lateP99Ms),
    overload_client_cpu: round(load.clientCpu),
    usual_p99_ms: round(usualP99),
    back_to_normal_s: round(backAfter(after.answers, 2 * usualP99 + 5) / 100),
  }
}

/** How many answers came before the last one that was refused or took longer than usual, 2 in 100 of them apart. */
function backAfter(answers: readonly Answer[], msMax: number): number {
  const isOdd = (one: Answer | undefined): boolean => one?.status !== 200 || one.ms > msMax
  const allowed = answers.length * 0.02
  let odd = 0
  for (let i = answers.length - 1; i >= 0; i--) {
    if (isOdd(answers[i]) && ++odd > allowed) return i + 1
  }
  return 0
}

/** Every message that was accepted is in the log, once. */
async function lossFigures(data: string, accepted: ReadonlySet<string>): Promise<Figures> {
  const account: Account = await openToLook(data, { configuration: null, notice: () => undefined })
  let found = 0
  const seen = new Set<string>()
  let doubled = 0
  for (let at = 1; at <= account.log.end();) {
    const records = await account.log.read(at, 2_000)
    for (const record of records) {
      if (record.kind !== 'message') continue
      if (seen.has(record.fact.id)) doubled++
      seen.add(record.fact.id)
      if (accepted.has(record.fact.id)) found++
    }
    at += records.length
    if (records.length === 0) break
  }
  await account.close()
  return { overload_accepted: accepted.size, lost: accepted.size - found, doubled }
}
