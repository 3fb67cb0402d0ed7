// A process that commits without end until it is killed, and says on standard output which commits were taken.
// Commit n stores a new cookie, its edge to one e-mail, and that e-mail anew. Arguments: store, place, checkpointPages.
import { writeSync } from 'node:fs'

import { openRedisStore } from '../../src/adapters/redis/index.ts'
import { openRocksStore } from '../../src/adapters/rocksdb/index.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/index.ts'
import { samplesOf } from '../../src/ports/conformance/identity-store.samples.ts'
import { commitOf } from '../../src/ports/conformance/identity-store.subject.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import { account, digest } from '../file-log/directory.ts'

const [kind, place = '', checkpointPages = '50'] = process.argv.slice(2)
const store = await opened()
const { people, node, profile, edge, sighting, change } = samplesOf({ account, digest })
writeSync(1, 'ready\n')

for (let before = await store.position('log'); ; before++) {
  const number = before + 1
  const cookie = `cookie:${number}`
  const hub = {
    nodes: [node('email:hub', { version: before, lastSeen: number })],
    profiles: [profile('email:hub', { version: before, revision: number })],
  }
  const records = {
    edges: [edge(cookie, 'email:hub', 'login', { count: number })],
    sightings: [sighting('email:hub', cookie, number % 7, number)],
    changes: [change(cookie, number, { event: 'created', reason: 'x'.repeat(number % 3_000) })],
  }
  const answer = await store.commit(commitOf(before, hub, people(cookie), records))
  if (answer !== 'committed') throw new Error(answer)
  writeSync(1, `${number}\n`)
}

function opened(): IdentityStore | Promise<IdentityStore> {
  if (kind === 'rocksdb') return openRocksStore(place)
  if (kind === 'redis') return openRedisStore(place, { account })
  return openSqliteStore(place, { checkpointPages: Number(checkpointPages) })
}
