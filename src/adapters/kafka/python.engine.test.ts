// The producer of docs/kafka.md is run as it stands there, and what it sends is understood.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import { pythonWithKafka } from '../../../test/engines/python.ts'
import type { StoredRecord } from '../../ports/event-log.ts'
import { parseKafkaUrl } from './connection.ts'
import { topicNames } from './topics.ts'

const stack = kafkaStack()
const guide = readFileSync(new URL('../../../docs/kafka.md', import.meta.url), 'utf8')

test('what a producer in Python sends is understood', { timeout: 300_000 }, async () => {
  const python = await pythonWithKafka()
  const [, program = ''] = /```python\n([\s\S]*?)```/.exec(guide) ?? []
  expect(program).toContain('AvroSerializer')
  const options = stack().ownLog()
  const log = await stack().open(options)
  const { brokers, prefix } = parseKafkaUrl(options.url)
  const env = {
    TOPIC: topicNames(prefix, 'default').events,
    REGISTRY: options.registry,
    BROKERS: brokers.join(','),
  }
  const messages = Array.from({ length: 20 }, (_, at) => ({
    type: 'track',
    event: 'Signed In',
    messageId: `m${at}`,
    anonymousId: `c${at % 5}`,
    userId: 'é 日本',
  }))
  const child = spawn(python, ['-c', program], { env, stdio: ['pipe', 'inherit', 'pipe'] })
  child.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  const [said, code] = await Promise.all([
    text(child.stderr),
    new Promise((resolve) => child.once('exit', resolve)),
  ])
  // What it said is shown where it failed.
  expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' })

  const reader = await log.readAll({ startAt: () => Promise.resolve(0), parts: ['events'] })
  const records: StoredRecord[] = []
  const partitions = new Map<string, Set<string>>()
  while (records.length < messages.length) {
    for (const one of await reader.next({ recordsMax: 50, waitMs: 20_000 })) {
      expect(one.poisoned).toEqual([])
      records.push(...one.records)
      for (const record of one.records) {
        const cookie = record.kind === 'message' ? record.fact.identifiers[0]!.value : ''
        partitions.set(cookie, (partitions.get(cookie) ?? new Set()).add(one.source))
      }
    }
  }
  expect([...partitions.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1])
  const byId = new Map(
    records.map((record) => [record.kind === 'message' ? record.fact.id : '', record]),
  )
  expect(byId.get('m7')).toMatchObject({
    fact: {
      site: 'default',
      identifiers: [{ type: 'cookie', value: 'c2' }, { value: 'é 日本' }],
      edges: [{ from: 0, to: 1, kind: 'login' }],
    },
  })
})
