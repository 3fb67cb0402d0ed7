// A broker that wants TLS and a password gets both, and what goes wrong there is told without the password.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  startKafka,
  startRegistry,
  type Kafka,
  type Registry,
} from '../../../test/engines/index.ts'
import { readMessage } from '../../../test/engines/read-message.ts'
import { sha256 } from '../../../test/extraction.ts'
import { sampleMessage } from '../../ports/conformance/event-log.subject.ts'
import type { StoreError } from '../../ports/store-error.ts'
import { openKafkaLog } from './shared-log.ts'

const LOGIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'

let directory: string
let kafka: Kafka
let registry: Registry

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-tls-'))
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'ca.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject]
  execFileSync('openssl', [...args, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  const both = join(directory, 'both.pem')
  writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'))
  const users = 'username="admin" password="root!" user_admin="root!" user_ana="p@ss/word"'
  ;[kafka, registry] = await Promise.all([
    startKafka({
      properties: (port) => ({
        listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}`,
        'listener.security.protocol.map': 'CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT',
        'inter.broker.listener.name': 'CLIENTS',
        'sasl.enabled.mechanisms': 'PLAIN',
        'sasl.mechanism.inter.broker.protocol': 'PLAIN',
        'listener.name.clients.plain.sasl.jaas.config': `${LOGIN} required ${users};`,
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': both,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': certificate,
      }),
    }),
    startRegistry(),
  ])
}, 300_000)

afterAll(async () => {
  await Promise.all([kafka.stop(), registry.stop()])
  await rm(directory, { recursive: true, force: true })
})

const open = (user: string, query: string) =>
  openKafkaLog({
    url: `kafkas://${user}@127.0.0.1:${kafka.port}?${query}`,
    registry: registry.url,
    account: 'default',
    readMessage,
  })

test('the right password over TLS writes and reads', async () => {
  const log = await open('ana:p%40ss%2Fword', `sasl=plain&ca=${join(directory, 'ca.pem')}`)
  await log.append([sampleMessage({ account: 'default', digest: sha256 }, 'm1')])
  const reading = await log.share('g', { startAt: () => Promise.resolve(0) })
  const delivered = await reading.next({ recordsMax: 1, waitMs: 30_000 })
  expect(delivered[0]?.records).toMatchObject([{ fact: { id: 'm1' } }])
  await log.close()
})

test.each([
  ['a wrong password', 'ana:secret', () => `ca=${join(directory, 'ca.pem')}`, 'refused', false],
  ['an authority that is not known', 'ana:secret', () => '', 'certificate', true],
])('%s is told', async (_name, user, query, words, retryable) => {
  const error = (await open(user, query()).catch((cause: unknown) => cause)) as StoreError
  expect(error).toMatchObject({ name: 'StoreError', code: 'unavailable', retryable })
  expect(error.message).toContain(words)
  expect(error.message).not.toContain('secret')
  expect(JSON.stringify(error.cause)).not.toContain('secret')
})
