// Very many who listen, in a process of their own: of each event they note when it came, and nothing else.
// A process that is told by messages: `open`, then `wait` for the last event, then `judge` by when events were committed.

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Told =
  | { readonly say: 'open'; readonly url: string; readonly token: string; readonly count: number }
  | { readonly say: 'from'; readonly sequence: number; readonly events: number }
  | { readonly say: 'wait'; readonly waitMs: number }
  /** When each event was committed, in order; ms since the epoch. */
  | { readonly say: 'judge'; readonly committed: readonly number[] }

export interface Judged {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly lost: number
  readonly doubled: number
  /** CPU seconds since all were open. */
  readonly cpuSeconds: number
}

const CONNECTED_AT_ONCE = 50
const ID = Buffer.from('\nid: ')
const END = Buffer.from('\n\n')
const [DASH, LINE_END, LETTER_H] = ['-', '\n', 'h'].map((letter) => letter.charCodeAt(0))
const EVENT_OFFSET = '\nevent: '.length
const NOTHING = Buffer.alloc(0)

const now = (): number => performance.timeOrigin + performance.now()

/** When each event came to each, 0 for not yet. */
let came: Float64Array[] = []
let first = 0
let events = 0
let missing = 0
let doubled = 0
let cpu = process.cpuUsage()

class Listening {
  readonly #index: number
  #rest: Buffer = NOTHING
  readonly said: Promise<void>
  #hello: () => void = () => undefined

  constructor(index: number) {
    this.#index = index
    this.said = new Promise((resolve) => {
      this.#hello = resolve
    })
  }

  take(piece: Buffer): void {
    const at = now()
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    const end = bytes.lastIndexOf(END)
    if (end < 0) {
      this.#rest = bytes
      return
    }
    for (let i = bytes.indexOf(ID); i >= 0 && i < end; i = bytes.indexOf(ID, i + ID.length)) {
      this.#note(bytes, i + ID.length, at)
    }
    // The line end before the next id belongs to what comes.
    this.#rest = end + 1 < bytes.length ? bytes.subarray(end + 1) : NOTHING
  }

  #note(bytes: Buffer, from: number, at: number): void {
    let i = from
    while (bytes[i] !== DASH) i++
    let sequence = 0
    for (i++; bytes[i] !== LINE_END; i++) sequence = sequence * 10 + (bytes[i] ?? 0) - 48
    if (bytes[i + EVENT_OFFSET] === LETTER_H) {
      this.#hello()
      return
    }
    const times = came[this.#index]
    const place = sequence - first - 1
    if (times === undefined || place < 0 || place >= events) return
    if (times[place] !== 0) doubled++
    else missing--
    times[place] = at
  }
}

async function open(url: string, token: string, count: number): Promise<void> {
  const { hostname, port } = new URL(url)
  const head = `GET /v1/stream HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`
  for (let i = 0; i < count; i += CONNECTED_AT_ONCE) {
    const some = Array.from({ length: Math.min(CONNECTED_AT_ONCE, count - i) }, async (_, k) => {
      const listening = new Listening(i + k)
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      await once(socket, 'connect')
      socket.on('data', (piece: Buffer) => listening.take(piece))
      // What it has not heard by then counts as lost.
      socket.on('error', () => undefined)
      socket.write(head)
      await listening.said
    })
    await Promise.all(some)
  }
  came = Array.from({ length: count }, () => NO_TIMES)
}

const NO_TIMES = new Float64Array(0)

const hasAll = (): boolean => missing === 0

async function wait(waitMs: number): Promise<void> {
  const until = now() + waitMs
  while (!hasAll() && now() < until) await sleep(20)
}

function judge(committed: readonly number[]): Judged {
  const { user, system } = process.cpuUsage(cpu)
  const late = new Float64Array(came.length * events - missing)
  let count = 0
  for (const times of came) {
    for (const [i, at] of times.entries()) {
      if (at !== 0) late[count++] = at - (committed[i] ?? 0)
    }
  }
  late.sort()
  const quantile = (share: number): number =>
    late[Math.min(count - 1, Math.floor(count * share))] ?? 0
  const cpuSeconds = (user + system) / 1e6
  const times = { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) }
  return { ...times, lost: missing, doubled, cpuSeconds }
}

process.on('message', (told: Told) => {
  void (async () => {
    if (told.say === 'open') await open(told.url, told.token, told.count)
    else if (told.say === 'wait') await wait(told.waitMs)
    else if (told.say === 'from') {
      first = told.sequence
      events = told.events
      missing = came.length * events
      doubled = 0
      came = came.map(() => new Float64Array(events))
      cpu = process.cpuUsage()
    }
    process.send?.(told.say === 'judge' ? judge(told.committed) : {})
  })()
})
process.once('disconnect', () => process.exit(0))
