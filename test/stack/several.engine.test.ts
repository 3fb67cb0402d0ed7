// Four processors over eight partitions to which messages are dealt by chance, while processors come and go, are one
// processor; and a graph that is built anew beside it takes its place while everybody goes on asking.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { clientOptions, parseKafkaUrl } from '../../src/adapters/kafka/connection.ts'
import { avroOfMessage } from '../../src/adapters/kafka/event-codec.ts'
import { outgoing, registerTopic } from '../../src/adapters/kafka/own-topic.ts'
import { createRegistry } from '../../src/adapters/kafka/registry.ts'
import { parseRegistryUrl } from '../../src/adapters/kafka/connection.ts'
import { Sender } from '../../src/adapters/kafka/sender.ts'
import type { ProfileAnswer } from '../../src/apps/answers/answer.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'
import type { PublishedChange, PublishedProfile } from '../../src/ports/change-topics.ts'
import { followTopic } from '../chaos/stack/followed-topic.ts'
import { drained, expectAsAlone, expectTold, factsIn, onGraph } from '../chaos/stack/looks.ts'
import { OutsideView } from '../chaos/stack/outside.ts'
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

const told = async (): Promise<readonly [OutsideView, readonly unknown[]]> => {
  const changes = followTopic<PublishedChange>(stack.places.log, 'change', 'changes')
  await changes.caughtUp()
  const view = new OutsideView()
  for (const { value } of changes.records) if (value !== null) view.take(value)
  await changes.stop()
  return [view, changes.records]
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
    await drained(stack.log, store, stack.cwd)
    await expectAsAlone(store, await factsIn(stack.log), stack.cwd)
  })
}, 300_000)

test('a graph that is built beside the one that serves takes its place', async () => {
  const { ask, cwd, log, places } = stack
  const profileOf = (cookie: string): Promise<ProfileAnswer> =>
    ask<ProfileAnswer>('GET', `/v1/profiles?identifier=cookie:${cookie}`)
  await log.append([recordOf(login('c-switch', 'ana@home.example'), 1)])
  await expect
    .poll(
      () =>
        profileOf('c-switch').then(
          ({ identifiers }) => identifiers.length,
          () => 0,
        ),
      within,
    )
    .toBe(2)
  let asked = 0
  const over = new AbortController()
  const asking = (async () => {
    for (; !over.signal.aborted; asked++) {
      expect((await profileOf('c-switch')).identifiers.length).toBeGreaterThanOrEqual(2)
      await sleep(20)
    }
  })()
  asking.catch(() => undefined)
  await stack.role('process', '--from-beginning', '--namespace', 'next')
  await deal([recordOf(login('c-switch-2', 'ana@home.example'), 2)])
  await onGraph(places.graph, (store) => drained(log, store, cwd), 'next')
  expect(await run(['graphs', 'switch', 'next'], { cwd })).toMatchObject({ code: 0 })
  const sizeOf = async (cookie: string) => (await profileOf(cookie)).identifiers.length
  await log.append([recordOf(login('c-switch-3', 'ana@home.example'), 3)])
  await expect.poll(() => sizeOf('c-switch'), within).toBe(4)
  over.abort()
  await asking
  expect(asked).toBeGreaterThan(20)
  const profiles = followTopic<PublishedProfile>(places.log, 'profile', 'profiles')
  await onGraph(places.graph, async (store) => {
    expect(store.namespace).toBe('next')
    await drained(log, store, cwd)
    await expectAsAlone(store, await factsIn(log), cwd)
    const end = (await store.changes(0, 1_000_000)).at(-1)?.sequence
    const epoch = await store.epoch()
    const last = async () => {
      const [, records] = await told()
      const values = records.map((one) => (one as { value: PublishedChange }).value)
      return Math.max(0, ...values.filter((one) => one.epoch === epoch).map((one) => one.sequence))
    }
    await expect.poll(last, within).toBe(end)
    await profiles.caughtUp()
    const [view] = await told()
    await expectTold(store, view, profiles.records)
  })
  await profiles.stop()
}, 180_000)
