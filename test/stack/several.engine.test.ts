// Four processors over eight partitions to which messages are dealt by chance, while processors come and go, are one
// processor; and a graph that is built anew beside it takes its place while everybody goes on asking.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  clientOptions,
  parseKafkaUrl,
  parseRegistryUrl,
} from '../../src/adapters/kafka/connection.ts'
import { avroOfMessage } from '../../src/adapters/kafka/event-codec.ts'
import { outgoing, registerTopic } from '../../src/adapters/kafka/own-topic.ts'
import { createRegistry } from '../../src/adapters/kafka/registry.ts'
import { Sender } from '../../src/adapters/kafka/sender.ts'
import type { ProfileAnswer } from '../../src/apps/answers/answer.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import { expectAsAlone } from '../chaos/stack/alone.ts'
import { drained, drainedFacts, onGraph } from '../chaos/stack/looks.ts'
import { expectTold, listenTo } from '../chaos/stack/told.ts'
import { servers } from '../chaos/stack/servers.ts'
import { diceOf, SEED } from '../chaos/random.ts'
import { CONFIGURATION, worldOf } from '../chaos/world.ts'
import { run, type Running } from '../cli/run.ts'
import { login } from '../scenarios/messages.ts'
import { openStack, recordOf, type Stack } from './installation.ts'

const PARTITIONS = 8
const BATCH = 50
const within = { timeout: 60_000, interval: 100 }
const started = servers()
const dice = diceOf(SEED)

let stack: Stack
let sender: Sender

beforeAll(async () => {
  stack = await openStack(started(), { ...CONFIGURATION, kafka: { partitions: PARTITIONS } })
  sender = new Sender({
    options: clientOptions(parseKafkaUrl(stack.places.log), 'dealer'),
    partitions: new Map([[topic(), PARTITIONS]]),
    sendMsMax: 10_000,
    shown: 'kafka',
  })
  await stack.serve()
}, 120_000)
afterAll(async () => {
  await sender.close()
  await stack.stop()
}, 60_000)

function topic(): string {
  return `${parseKafkaUrl(stack.places.log).prefix}.default.events`
}

/** Any of them into any partition. */
async function deal(records: readonly MessageRecord[]): Promise<void> {
  const registry = createRegistry(parseRegistryUrl(stack.places.registry))
  const own = await registerTopic(registry, 'event', topic())
  await sender.send(
    records.map((record) => outgoing(own, Buffer.from(randomUUID()), avroOfMessage(record))),
  )
}

const profileOf = (cookie: string): Promise<ProfileAnswer> =>
  stack.ask<ProfileAnswer>('GET', `/v1/profiles?identifier=cookie:${cookie}`)
/** How many identifiers its profile has. */
const sizeOf = async (cookie: string): Promise<number> =>
  (await profileOf(cookie)).identifiers.length

/** Asks on and on; each answer is to be as good as the first. @returns how to stop it, and how often it asked */
function askOn(cookie: string, sizeMin: number): () => Promise<number> {
  const over = new AbortController()
  const asking = (async () => {
    let asked = 0
    for (; !over.signal.aborted; asked++) {
      expect(await sizeOf(cookie)).toBeGreaterThanOrEqual(sizeMin)
      await sleep(20)
    }
    return asked
  })()
  // Whoever stops it meets its failure.
  asking.catch(() => undefined)
  return () => {
    over.abort()
    return asking
  }
}

test(`four processors over eight partitions are one processor (seed ${SEED})`, async () => {
  const { sent } = worldOf(SEED, { people: 100, days: 12 })
  await stack.role('archive')
  const processors: Running[] = await Promise.all([1, 2, 3, 4].map(() => stack.role('process')))
  const records = sent.map(({ site, message }, i) => recordOf({ site, raw: message }, i))
  const shuffled = records
    .map((record) => [dice.whole(0, 1_000_000), record] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, record]) => record)
  for (let at = 0; at < shuffled.length; at += BATCH) {
    await deal(shuffled.slice(at, at + BATCH))
    // One leaves in good order, one dies, and others come: partitions move each time.
    if (at === 10 * BATCH) processors[0]?.child.kill('SIGTERM')
    if (at === 25 * BATCH) processors[1]?.child.kill('SIGKILL')
    if (at === 20 * BATCH || at === 40 * BATCH) await stack.role('process')
    await sleep(20)
  }
  await onGraph(stack.places.graph, async (store) => {
    const facts = await drainedFacts(stack.log, store, stack.cwd)
    await expectAsAlone(store, facts, stack.cwd)
  })
}, 300_000)

test('a graph that is built beside the one that serves takes its place', async () => {
  const { cwd, log, places } = stack
  await log.append([recordOf(login('c-switch', 'ana@home.example'), 1)])
  await expect.poll(() => sizeOf('c-switch').catch(() => 0), within).toBe(2)
  const stop = askOn('c-switch', 2)
  await stack.role('process', '--from-beginning', '--namespace', 'next')
  await deal([recordOf(login('c-switch-2', 'ana@home.example'), 2)])
  await onGraph(places.graph, (store) => drained(log, store, cwd), 'next')
  expect(await run(['graphs', 'switch', 'next'], { cwd })).toMatchObject({ code: 0 })
  await log.append([recordOf(login('c-switch-3', 'ana@home.example'), 3)])
  await expect.poll(() => sizeOf('c-switch'), within).toBe(4)
  expect(await stop()).toBeGreaterThan(20)
  const listening = listenTo(places.log)
  await onGraph(places.graph, async (store) => {
    expect(store.namespace).toBe('next')
    await expectAsAlone(store, await drainedFacts(log, store, cwd), cwd)
    await expectTold(store, listening)
  })
  await listening.stop()
}, 180_000)
