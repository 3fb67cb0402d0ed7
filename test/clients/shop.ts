// A server that clients are pointed at: it can be away for a while and come back at the same address, and tells what
// arrived.
import { expect } from 'vitest'

import { createClient } from '../../src/apps/client/index.ts'
import { folder, runJson, serve } from '../cli/run.ts'

/** How long a client may take to bring its messages, its own waiting included, ms. */
const DELIVERY_MS = 60_000

export interface Shop {
  readonly url: string
  readonly writeKey: string
  /** What somebody did, as `type name`, oldest first; empty while nothing is known of the identifier. */
  events(identifier: string): Promise<string[]>
  /** Waits until somebody did just this, in any order. */
  expectEvents(identifier: string, events: readonly string[]): Promise<void>
  /** Whose identifiers these are, hidden contacts as `…`. */
  identifiersOf(identifier: string): Promise<string[]>
  /** The device signatures that were seen on it, with the parts that were known. */
  signaturesOf(identifier: string): Promise<string[]>
  /** Messages in the log, each once, after all were read and resolved again. */
  messages(): Promise<number>
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

export async function openShop(): Promise<Shop> {
  const cwd = await folder()
  const first = await serve(cwd)
  const { url, token, writeKey } = first
  const client = createClient({ url, token })
  let server = first
  const events = async (identifier: string): Promise<string[]> => {
    const profile = await client.profile(identifier).catch(() => null)
    if (profile === null) return []
    const timeline = await client.timeline(profile.id)
    return timeline.events.map(({ type, name }) => `${type} ${name}`.trim())
  }
  return {
    url,
    writeKey,
    events,
    expectEvents: async (identifier, wanted) => {
      const sorted = async (): Promise<string[]> => (await events(identifier)).toSorted()
      const patience = { timeout: DELIVERY_MS, interval: 200 }
      await expect.poll(sorted, patience).toEqual(wanted.toSorted())
    },
    identifiersOf: async (identifier) => {
      const { identifiers } = await client.profile(identifier)
      return identifiers.map((one) => one.identifier.replace(/[0-9a-f]{64}/, '…')).toSorted()
    },
    signaturesOf: async (identifier) => {
      const { id } = await client.profile(identifier)
      const { nodes } = await client.graph(id)
      return nodes.filter(({ type }) => type === 'device_signature').map((one) => one.identifier)
    },
    messages: async () => {
      const { log_records: records } = await client.pulse()
      // The graph is written behind the log, and `verify` replays what is in the graph.
      const replayed = async (): Promise<number> => {
        const checked = await runJson<{ ok: boolean; records: number }>(['verify'], { cwd })
        expect(checked.ok).toBe(true)
        return checked.records
      }
      await expect.poll(replayed, { timeout: DELIVERY_MS, interval: 200 }).toBe(records)
      // The first record of a log is its policy.
      return records - 1
    },
    goAway: async () => {
      await server.stop()
    },
    comeBack: async () => {
      server = await serve(cwd, '--port', new URL(url).port)
    },
  }
}
