// The floor of the ingest benchmark: the same messages and upserts written to SQLite, 500 a transaction, no logic at all.
// Usage: node bench/ingest/floor.ts FILE DATABASE

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'

const TRANSACTION_MESSAGES = 500
const [file = '', database = ''] = process.argv.slice(2)

const db = new DatabaseSync(database)
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
db.exec('CREATE TABLE message (id TEXT PRIMARY KEY, raw TEXT) WITHOUT ROWID')
db.exec('CREATE TABLE identifier (key TEXT PRIMARY KEY, first, last, count) WITHOUT ROWID')
const insert = db.prepare('INSERT INTO message VALUES (?, ?) ON CONFLICT DO NOTHING')
const upsert = db.prepare(
  'INSERT INTO identifier VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET last = excluded.last, count = count + 1',
)

interface Sent {
  readonly messageId: string
  readonly anonymousId?: string
  readonly userId?: string | null
  readonly timestamp?: string
  readonly context?: {
    readonly ip?: string
    readonly userAgent?: string
    readonly screen?: unknown
  }
}

let open = 0
let messages = 0
for await (const raw of createInterface({ input: createReadStream(file) })) {
  if (open === 0) db.exec('BEGIN')
  const { messageId, anonymousId, userId, timestamp, context } = JSON.parse(raw) as Sent
  insert.run(messageId, raw)
  const device = `${context?.userAgent} ${JSON.stringify(context?.screen)}`
  for (const key of [anonymousId, userId, context?.ip, device]) {
    if (key !== undefined && key !== null) upsert.run(key, timestamp ?? null, timestamp ?? null)
  }
  messages++
  open++
  if (open === TRANSACTION_MESSAGES) {
    db.exec('COMMIT')
    open = 0
  }
}
if (open > 0) db.exec('COMMIT')
db.close()
console.log(messages)
