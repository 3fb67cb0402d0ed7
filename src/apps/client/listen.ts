// Listens to the feed: Server-Sent Events by fetch, since EventSource sends no token and Node 18 has none.
// Invariant: it comes back with the id it had last, so nothing is missed and nothing comes twice.

import type { ChangeAnswer } from '../answers/feed-answer.ts'
import { addressOf, callerHeaders, type ClientOptions } from './client-options.ts'
import { errorOf, SelfsameError } from './selfsame-error.ts'

/** With `id`, the place behind it: what to go on from another time. */
export type StreamEvent =
  | (ChangeAnswer & { readonly id: string })
  /** What comes now does not follow what came before: read anew what you keep. */
  | { readonly type: 'reset'; readonly id: string; readonly reason: string }

export interface StreamFrom {
  /** The id of an event, the `next` of `changes`, or `start`; left out: from now on. */
  readonly after?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The first pause before it comes back, and the longest; each is twice the one before. */
const PAUSE_MS = 500
const PAUSE_MS_MAX = 30_000

/** The server says something every 15 s; who hears nothing for so long listens to nobody. */
const SILENCE_MS_MAX = 45_000

const MS_PER_SECOND = 1_000

/** @throws {SelfsameError} for an answer that would be the same another time: 400, 401, 403 … */
export async function* listen(
  options: ClientOptions,
  { after, signal }: StreamFrom,
): AsyncGenerator<StreamEvent, void> {
  let lastId: string | null = null
  let pauseMs = PAUSE_MS
  while (!isAborted(signal)) {
    try {
      for await (const { type, id, data } of connection(options, { after, signal }, lastId)) {
        lastId = id ?? lastId
        pauseMs = PAUSE_MS
        if (type !== 'hello') yield eventOf(type, id ?? '', data)
      }
    } catch (cause) {
      if (isAborted(signal)) return
      if (cause instanceof SelfsameError && !isPassing(cause)) throw cause
      pauseMs = Math.max(pauseMs, waitOf(cause))
    }
    await pause(pauseMs, signal)
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)
  }
}

/** Asked each time: it changes while nobody looks. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function isPassing({ status }: SelfsameError): boolean {
  return status === 429 || status >= 500
}

function waitOf(cause: unknown): number {
  const seconds = cause instanceof SelfsameError ? (cause.retryAfterSeconds ?? 0) : 0
  return seconds * MS_PER_SECOND
}

function eventOf(type: string, id: string, data: string): StreamEvent {
  // The server holds its answers to their schemas.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { type, id, ...(JSON.parse(data) as object) } as StreamEvent
}

interface Heard {
  readonly type: string
  readonly id: string | null
  readonly data: string
}

/** One connection, until it ends. Throws what `fetch` throws. */
async function* connection(
  options: ClientOptions,
  { after, signal }: StreamFrom,
  lastId: string | null,
): AsyncGenerator<Heard, void> {
  const cut = new AbortController()
  const abort = (): void => cut.abort()
  signal?.addEventListener('abort', abort)
  let silence: ReturnType<typeof setTimeout> | undefined
  const heard = (): void => {
    clearTimeout(silence)
    silence = setTimeout(abort, SILENCE_MS_MAX)
  }
  try {
    heard()
    const query =
      after === undefined || lastId !== null ? '' : `?after=${encodeURIComponent(after)}`
    const response = await fetch(addressOf(options, `/v1/stream${query}`), {
      headers: { ...callerHeaders(options), ...(lastId !== null && { 'last-event-id': lastId }) },
      signal: cut.signal,
    })
    if (!response.ok) throw await errorOf(response)
    if (response.body === null) return
    yield* eventsIn(response.body, heard)
  } finally {
    clearTimeout(silence)
    signal?.removeEventListener('abort', abort)
    cut.abort()
  }
}

async function* eventsIn(
  body: ReadableStream<Uint8Array>,
  heard: () => void,
): AsyncGenerator<Heard, void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (let rest = ''; ;) {
    const { done, value } = await reader.read()
    if (done) return
    heard()
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = heardIn(block)
      if (event !== null) yield event
    }
  }
}

/** Null for a comment. */
function heardIn(block: string): Heard | null {
  const lines = block.split('\n')
  const valueOf = (name: string): string | null =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null
  const [type, data] = [valueOf('event'), valueOf('data')]
  return type === null || data === null ? null : { type, id: valueOf('id'), data }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (isAborted(signal)) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}
