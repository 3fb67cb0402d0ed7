// An account whose log is on a real Kafka and whose graph is on a real Redis, by its commands; and whoever asks it by HTTP.
// Invariant: each has topics and a database of its own.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from 'vitest'

import { openKafkaLog } from '../../src/adapters/kafka/index.ts'
import { understand } from '../../src/flows/ingest.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import type { SharedLog } from '../../src/ports/shared-log.ts'
import { CONFIGURATION } from '../chaos/world.ts'
import type { Servers } from '../chaos/stack/servers.ts'
import { folder, serve, start, type Running, type Served } from '../cli/run.ts'
import { readMessage } from '../engines/read-message.ts'
import { extractionOf } from '../extraction.ts'
import type { Sent } from '../scenarios/messages.ts'

export interface Stack {
  readonly cwd: string
  readonly places: { readonly log: string; readonly registry: string; readonly graph: string }
  /** As a producer of somebody else's has it. */
  readonly log: SharedLog
  /** Of the server; it asks nobody before `serve`. */
  readonly ask: <T = unknown>(method: string, path: string, body?: object) => Promise<T>
  serve(): Promise<Served>
  /** One that goes on until it is stopped, and is ready. */
  role(...args: readonly string[]): Promise<Running>
  stop(): Promise<void>
}

let installations = 0

export async function openStack(
  { kafka, registry, redis }: Servers,
  configuration: { readonly kafka?: object } = {},
): Promise<Stack> {
  installations++
  const cwd = await folder()
  const places = {
    log: `${kafka.url}/stack${installations}`,
    registry: registry.url,
    graph: `${redis.url}/${installations}`,
  }
  const whole = { ...configuration, ...places, kafka: { sessionMs: 2_000, ...configuration.kafka } }
  await writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify(whole))
  const log = await openKafkaLog({
    url: places.log,
    registry: registry.url,
    account: 'default',
    readMessage,
    ...configuration.kafka,
  })
  const running: Running[] = []
  let served: Served | null = null
  return {
    cwd,
    places,
    log,
    ask: async <T>(method: string, path: string, body?: object) => {
      const response = await fetch(`${served?.url ?? ''}${path}`, {
        method,
        headers: { authorization: `Bearer ${served?.token ?? ''}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return JSON.parse(text) as T
    },
    serve: async () => {
      served = await serve(cwd)
      return served
    },
    role: async (...args) => {
      const one = start(args, { cwd, input: '' })
      running.push(one)
      await one.said((text) => text.includes('Ready'))
      return one
    },
    stop: async () => {
      for (const { child } of running) child.kill('SIGTERM')
      for (const { child, ended } of running) {
        const { code } = await ended
        if (child.signalCode !== 'SIGKILL') expect(code).toBe(0)
      }
      await served?.stop()
      await log.close()
    },
  }
}

const extraction = extractionOf(CONFIGURATION)
const MINUTE_MS = 60_000

/** A message as its producer puts it into the log; its id and time, if it has none, are of the minute. */
export function recordOf({ raw, site }: Sent, minute: number): MessageRecord {
  const at = Date.UTC(2026, 0, 1) + minute * MINUTE_MS
  const given = { messageId: `m${minute}`, timestamp: new Date(at).toISOString() }
  const message = { ...given, ...raw }
  const envelope = { receivedAt: at, historical: false, site }
  const understood = understand(extraction, { raw: JSON.stringify(message), message, envelope })
  if (!('kind' in understood)) throw new Error(understood.detail)
  return understood
}
