// rediss://, with a user of its own and an authority of one's own.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { freePorts } from '../../../test/engines/server-process.ts'
import { startRedis, type Redis } from '../../../test/engines/redis.ts'
import { account, digest } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { committed } from '../../ports/conformance/identity-store.subject.ts'
import { openRedisStore } from './index.ts'

const { people } = samplesOf({ account, digest })
const folder = mkdtempSync(join(tmpdir(), 'selfsame-tls-'))
const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'ca.pem')]
/** What docs/deploy.md says a user needs. */
const ALLOWED = '+@read +@write +@scripting +@connection +@pubsub +info +time'
const USER = `graph on >s3cret:/@ ~{${account}}:* &{${account}}:* ${ALLOWED}`.split(' ')
let redis: Redis | undefined
let url = ''

beforeAll(async () => {
  const subject = '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost'.split(' ')
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  await promisify(execFile)('openssl', [
    'req',
    ...subject,
    ...names,
    '-keyout',
    keyFile,
    '-out',
    caFile,
  ])
  const port = await freePorts()
  const files = ['--tls-cert-file', caFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', caFile]
  const args = ['--tls-port', String(port), '--tls-auth-clients', 'no', ...files, '--user', ...USER]
  redis = await startRedis({ args })
  url = `rediss://graph:${encodeURIComponent('s3cret:/@')}@localhost:${port}`
})
afterAll(async () => {
  await redis?.stop()
  await rm(folder, { recursive: true })
})

test('with the authority it is trusted', async () => {
  const store = await openRedisStore(url, { account, ca: readFileSync(caFile, 'utf8') })
  await committed(store, people('cookie:1'))
  expect((await store.counts()).identifiers).toBe(1)
  expect((await store.membership()).members.length).toBe(1)
  await store.close()
})

test('without it it is not, and the password stays untold', async () => {
  const refused = await openRedisStore(url, { account, deadlineMs: 1_500 }).catch(
    (reason: unknown) => reason,
  )
  expect(refused).toMatchObject({ code: 'unavailable' })
  expect(String(refused)).toContain('certificate')
  expect(inspect(refused, { depth: null })).not.toContain('s3cret')
})
