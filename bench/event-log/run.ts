// How fast is the event log, and how much memory does it take? Usage: node bench/event-log/run.ts [RECORDS] [DIRECTORY]
// Prints one line a question. The records are made up from a seed; their making is not counted.

import { hash } from 'node:crypto'
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileLog, type FileLog } from '../../src/adapters/file-log/index.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import { keyOf } from '../../src/core/identifier/identifier.ts'
import { clueOfName, clueOfText, cluesFrom } from '../../src/core/edge/clue.ts'

const account = 'default'
const BATCH = 2000

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

function hex(next: () => number, digits: number): string {
  let text = ''
  while (text.length < digits) {
    text += Math.floor(next() * 4294967296)
      .toString(16)
      .padStart(8, '0')
  }
  return text.slice(0, digits)
}

/** Messages of about 800 bytes by people who come back, from number `from` to before `to`. */
function batch(from: number, to: number): MessageRecord[] {
  return Array.from({ length: to - from }, (_, at) => message(from + at))
}

/** 1,000 people are there at a time, for 8 messages each, and come back another day. */
function message(number: number): MessageRecord {
  const session = Math.floor(number / 8000) * 1000 + (number % 1000)
  const person = random(1 + ((Math.imul(session, 2654435761) >>> 0) % 100_000))
  const visit = random(session + 3)
  const own = random(number + 7)
  const at = 1_700_000_000_000 + number * 50
  const identifiers = (
    [
      ['cookie', '', `${hex(person, 8)}-${hex(person, 4)}-4000-8000-${hex(person, 12)}`],
      ['external_id', 'user', `u${hex(person, 8)}`],
      ['ip', '', `10.1.${Math.floor(visit() * 256)}.${Math.floor(visit() * 256)}`],
      ['device_signature', 'language,platform,screen', hex(person, 64)],
    ] as const
  ).map(([type, namespace, value]) => ({
    key: keyOf((text) => hash('sha256', text, 'hex'), account, type, namespace, value),
    type,
    namespace,
    value,
  }))
  const id = `ajs-${hex(own, 32)}-${number}`
  const raw = JSON.stringify({
    messageId: id,
    type: 'track',
    event: 'Product Viewed',
    anonymousId: identifiers[0]?.value,
    userId: identifiers[1]?.value,
    timestamp: new Date(at).toISOString(),
    sentAt: new Date(at + 50).toISOString(),
    properties: {
      product_id: `sku-${hex(own, 6)}`,
      price: own() * 100,
      category: 'shoes',
      currency: 'EUR',
    },
    context: {
      ip: identifiers[2]?.value,
      userAgent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
      locale: 'de-DE',
      timezone: 'Europe/Berlin',
      screen: { width: 1920, height: 1080 },
      page: {
        path: `/p/${hex(own, 8)}`,
        referrer: `https://www.example.com/?q=${hex(own, 8)}`,
        title: 'Shoes',
      },
    },
  })
  return {
    kind: 'message',
    extractionVersion: 1,
    raw,
    fact: {
      id,
      account,
      site: 'shop',
      type: 'track',
      name: 'Product Viewed',
      at,
      receivedAt: at + 80,
      identifiers,
      edges: [
        { from: 0, to: 1, kind: 'login' },
        { from: 0, to: 2, kind: 'ip_match' },
        { from: 0, to: 3, kind: 'same_session' },
      ],
      clues: cluesFrom([
        ...SENDER_CLUES,
        clueOfText('page', `shop /p/${hex(own, 4)}`),
        clueOfText('step', `shop / /p/${hex(own, 4)}`),
      ]),
    },
  }
}

const SENDER_CLUES = [
  clueOfName('device', 'computer'),
  clueOfName('system', 'linux'),
  clueOfName('browser', 'chrome'),
  clueOfText('language', 'de-de'),
  clueOfText('zone', 'Europe/Berlin'),
]

const say = (what: string, value: string): void => console.log(`${what.padEnd(34)} ${value}`)

/** Of the process, and what of it is JavaScript's. */
function rss(): string {
  const { rss: all, heapTotal, arrayBuffers } = process.memoryUsage()
  const [total, heap, buffers] = [all, heapTotal, arrayBuffers].map((bytes) =>
    Math.round(bytes / 1e6),
  )
  return `${total} MB (heap ${heap}, buffers ${buffers})`
}

/** Appends in batches, two under way at a time. What making the messages takes is left out. */
async function appendAll(log: FileLog, records: number, what: string): Promise<void> {
  const start = performance.now()
  const used = process.threadCpuUsage()
  let makingMs = 0
  let makingUs = 0
  let previous: Promise<unknown> = Promise.resolve()
  for (let from = 0; from < records; from += BATCH) {
    const makingStart = performance.now()
    const makingUsed = process.threadCpuUsage()
    const made = batch(from, Math.min(records, from + BATCH))
    makingUs += micros(process.threadCpuUsage(makingUsed))
    makingMs += performance.now() - makingStart
    const done = log.append(made)
    await previous
    previous = done
  }
  await previous
  const seconds = (performance.now() - start - makingMs) / 1e3
  const cpu = (micros(process.threadCpuUsage(used)) - makingUs) / records
  say(what, `${Math.round(records / seconds)}/s, ${cpu.toFixed(1)} us of the main thread a record`)
}

function micros({ user, system }: NodeJS.CpuUsage): number {
  return user + system
}

async function single(log: FileLog, count: number): Promise<void> {
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    const record = [message(1e9 + at)]
    const start = performance.now()
    await log.append(record)
    times.push(performance.now() - start)
  }
  say('one record at a time', quantiles(times))
}

/** What the disk itself takes for a write of a record's size and a sync. */
async function syncFloor(directory: string, count: number): Promise<void> {
  const file = await open(join(directory, 'floor'), 'w')
  const bytes = Buffer.alloc(1200, 'x')
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    const start = performance.now()
    await file.write(bytes, 0, bytes.length, at * bytes.length)
    await file.datasync()
    times.push(performance.now() - start)
  }
  await file.close()
  await rm(join(directory, 'floor'))
  say('the disk alone', quantiles(times))
}

function quantiles(times: number[]): string {
  times.sort((a, b) => a - b)
  const quantile = (q: number): string =>
    (times[Math.floor(q * (times.length - 1))] ?? 0).toFixed(2)
  return `p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms`
}

async function readAll(log: FileLog): Promise<void> {
  const start = performance.now()
  const used = process.threadCpuUsage()
  const usedByAll = process.cpuUsage()
  let next = 1
  for (;;) {
    const page = await log.read(next, 1000)
    if (page.length === 0) break
    next += page.length
  }
  const seconds = (performance.now() - start) / 1e3
  const [own, all] = [process.threadCpuUsage(used), process.cpuUsage(usedByAll)].map((cpu) =>
    (micros(cpu) / next).toFixed(1),
  )
  say('reading all', `${Math.round(next / seconds)}/s, ${own} us of the main thread of ${all}`)
}

async function main(): Promise<void> {
  const records = Number(process.argv[2] ?? 20_000)
  const given = process.argv[3]
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'selfsame-bench-')))
  try {
    const onTrouble = (error: Error): void => console.error(error.message)
    let log = await openFileLog(directory, { account, onTrouble })
    say('before', rss())
    await appendAll(log, records, 'appending')
    say('after appending', rss())
    await single(log, 500)
    await syncFloor(directory, 500)
    const sealing = performance.now()
    await log.settle()
    say('sealing what was left', `${Math.round(performance.now() - sealing)} ms, ${rss()}`)
    await appendAll(log, records, 'the same once more')
    await log.close()
    const opening = performance.now()
    log = await openFileLog(directory, { account, onTrouble })
    say(
      'opening',
      `${Math.round(performance.now() - opening)} ms for ${log.end()} records, ${rss()}`,
    )
    await readAll(log)
    for (const number of [3, 77_777]) {
      const [cookie] = message(number).fact.identifiers
      const start = performance.now()
      const found = await log.messagesOf(cookie === undefined ? [] : [cookie], 100)
      say('messages of a cookie', `${found.length} in ${Math.round(performance.now() - start)} ms`)
    }
    say('at the end', rss())
    await log.close()
    let bytes = 0
    const names = await readdir(directory)
    for (const name of names) bytes += (await stat(join(directory, name))).size
    say('on disk', `${Math.round(bytes / 1e6)} MB in ${names.length} files`)
  } finally {
    if (given === undefined) await rm(directory, { recursive: true, force: true })
  }
}

await main()
