// How fast is the event log, and how much memory does it take? Usage: node bench/event-log/run.ts [RECORDS] [DIRECTORY]
// Prints one line a question. The records are made up from a seed; their making is not counted.

import { createHash, hash } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileLog, type FileLog } from '../../src/adapters/file-log/index.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import { keyOf } from '../../src/core/identifier/identifier.ts'

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

function message(number: number): MessageRecord {
  const person = random(1 + ((Math.imul(number, 2654435761) >>> 0) % 100_000))
  const own = random(number + 7)
  const at = 1_700_000_000_000 + number * 50
  const identifiers = (
    [
      ['cookie', '', `${hex(person, 8)}-${hex(person, 4)}-4000-8000-${hex(person, 12)}`],
      ['external_id', 'user', `u${hex(person, 8)}`],
      ['ip', '', `10.1.${Math.floor(own() * 256)}.${Math.floor(own() * 256)}`],
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
    },
  }
}

const say = (what: string, value: string): void => console.log(`${what.padEnd(34)} ${value}`)
const rss = (): string => `${Math.round(process.memoryUsage().rss / 1e6)} MB`

/** Appends in batches, two under way at a time; only the time within the log counts. */
async function appendAll(log: FileLog, records: number, what: string): Promise<void> {
  let ms = 0
  let cpu = 0
  let previous: Promise<unknown> = Promise.resolve()
  for (let from = 0; from < records; from += BATCH) {
    const made = batch(from, Math.min(records, from + BATCH))
    const start = performance.now()
    const used = process.threadCpuUsage()
    const done = log.append(made)
    const { user, system } = process.threadCpuUsage(used)
    cpu += user + system
    await previous
    ms += performance.now() - start
    previous = done
  }
  const start = performance.now()
  await previous
  ms += performance.now() - start
  say(
    what,
    `${Math.round(records / (ms / 1e3))}/s, ${(cpu / records).toFixed(2)} us of the main thread a record`,
  )
}

async function single(log: FileLog, count: number): Promise<void> {
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    const record = [message(1e9 + at)]
    const start = performance.now()
    await log.append(record)
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const quantile = (q: number): string => (times[Math.floor(q * (count - 1))] ?? 0).toFixed(2)
  say('one record at a time', `p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms`)
}

async function readAll(log: FileLog, digest: boolean): Promise<void> {
  const start = performance.now()
  const result = createHash('sha256')
  let from = 1
  for (;;) {
    const page = await log.read(from, 1000)
    if (page.length === 0) break
    if (digest)
      for (const record of page) result.update(record.kind === 'message' ? record.fact.id : '')
    from += page.length
  }
  const seconds = (performance.now() - start) / 1e3
  say(
    'reading all',
    `${Math.round((from - 1) / seconds)}/s${digest ? `, ids ${result.digest('hex').slice(0, 16)}` : ''}`,
  )
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
    await readAll(log, false)
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
