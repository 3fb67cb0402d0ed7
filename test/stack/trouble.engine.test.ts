// Topics that others fill, read by the configuration; and a Redis that is full, of which nothing is lost.
import { Producer } from '@platformatic/kafka'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { clientOptions, parseKafkaUrl } from '../../src/adapters/kafka/connection.ts'
import { makeTopics } from '../../src/adapters/kafka/topics.ts'
import type { ProfileAnswer } from '../../src/apps/answers/answer.ts'
import { foreignTopic } from '../../src/core/policy/foreign-topic.ts'
import { expectAsAlone } from '../chaos/stack/alone.ts'
import { drainedFacts, onGraph } from '../chaos/stack/looks.ts'
import { servers } from '../chaos/stack/servers.ts'
import { CONFIGURATION } from '../chaos/world.ts'
import { run, start } from '../cli/run.ts'
import { login } from '../scenarios/messages.ts'
import { openStack, recordOf, type Stack } from './installation.ts'

const started = servers()
const LOGINS = 'shop.login'
const MAPPING = foreignTopic.parse({
  topic: LOGINS,
  event: 'Signed In',
  site: 'shop',
  fields: { anonymousId: 'visitor.id', 'traits.email': 'mail', timestamp: 'ts' },
})
const ADDRESS = /metrics at (\S+)/
const within = { timeout: 30_000, interval: 50 }

let stack: Stack
let redis: Redis
let metricsUrl = ''

beforeAll(async () => {
  const { kafka } = started()
  const base = clientOptions(parseKafkaUrl(kafka.url), 'shop')
  await makeTopics(base, { rejects: LOGINS }, { partitions: 2, replicas: null }, 'kafka')
  stack = await openStack(started(), { ...CONFIGURATION, kafka: { topics: [MAPPING] } })
  await stack.serve()
  const processor = await stack.role('process', '--metrics-port', '0')
  const said = await processor.said((text) => ADDRESS.test(text))
  metricsUrl = ADDRESS.exec(said)?.[1] ?? ''
  redis = new Redis(stack.places.graph)
}, 120_000)
afterAll(async () => {
  redis.disconnect()
  await stack.stop()
}, 60_000)

const identifiersOf = async (cookie: string): Promise<readonly string[]> => {
  const path = `/v1/profiles?identifier=cookie:${cookie}`
  const found = await stack.ask<ProfileAnswer>('GET', path).catch(() => null)
  return (found?.identifiers ?? []).map(({ value }) => value).toSorted()
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text()
  const lines = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))]
  return lines.reduce((sum, [, value]) => sum + Number(value), 0)
}

test('while Redis is full it is read and messages are taken; with room again all of them count', async () => {
  const { log, cwd, places } = stack
  await stack.role('archive')
  await log.append([recordOf(login('c-before', 'eve@home.example'), 0)])
  await expect.poll(() => identifiersOf('c-before'), within).toHaveLength(2)
  await redis.config('SET', 'maxmemory', '1')
  const waiting = Array.from({ length: 300 }, (_, i) =>
    login(`c-${i % 30}`, `m${i % 20}@x.example`),
  )
  await log.append(waiting.map((sent, i) => recordOf(sent, 1 + i)))
  const failures = () => metric('selfsame_processing_failures_total')
  await expect.poll(failures, within).toBeGreaterThan(2)
  expect(await metric('selfsame_lag_records')).toBe(300)
  expect(await identifiersOf('c-1')).toEqual([])
  expect(await identifiersOf('c-before')).toHaveLength(2)
  await redis.config('SET', 'maxmemory', '0')
  await expect.poll(() => metric('selfsame_lag_records'), within).toBe(0)
  await onGraph(places.graph, async (store) => {
    await expectAsAlone(store, await drainedFacts(log, store, cwd), cwd)
  })
}, 120_000)

test('a topic that others fill makes profiles by its mapping, and what it cannot read is told', async () => {
  const producer = new Producer(clientOptions(parseKafkaUrl(started().kafka.url), 'shop'))
  const told = [
    { visitor: { id: 'c-shop' }, mail: 'ana@home.example', ts: '2026-01-01T10:00:00Z' },
    { visitor: { id: 'c-app' }, mail: 'ana@home.example', ts: '2026-01-01T11:00:00Z' },
    ['no object'],
  ]
  const messages = told.map((value, i) => ({
    topic: LOGINS,
    value: Buffer.from(JSON.stringify(value)),
    partition: i % 2,
  }))
  await producer.send({ messages, acks: -1 })
  await producer.close()
  await expect.poll(() => identifiersOf('c-app'), within).toHaveLength(3)
  expect(await identifiersOf('c-app')).toEqual(expect.arrayContaining(['c-app', 'c-shop']))
  await expect.poll(() => metric('selfsame_poisoned_records_total'), within).toBe(1)
})

test('a processor whose graph is dropped says so and ends', async () => {
  const { cwd } = stack
  const args = ['process', '--from-beginning', '--namespace', 'next']
  const processor = start(args, { cwd, input: '' })
  await processor.said((text) => text.includes('Ready'))
  expect(await run(['graphs', 'drop', 'next'], { cwd })).toMatchObject({ code: 0 })
  const { code, stderr } = await processor.ended
  expect(stderr).toContain('it was dropped')
  expect(code).toBe(1)
}, 60_000)
