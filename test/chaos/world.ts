// A world to be loaded while things go wrong: the hard half of the simulator, some messages sent twice.
// Invariant: a message is the same fact whether it comes by file or by request, but for when it was received.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { makeWriteKey } from '../../src/apps/access/make-key.ts'
import { sha256 } from '../../src/apps/account/digest.ts'
import { layoutOf } from '../../src/apps/account/layout.ts'
import { openKeys } from '../../src/apps/account/stores.ts'
import { simulate } from '../../src/simulator/index.ts'
import { SITE_LIST } from '../../src/simulator/vocabulary.ts'

/** A message as a tracking client has it, and the site whose client that is. */
export interface Sent {
  readonly id: string
  readonly site: string
  readonly message: Readonly<Record<string, unknown>>
}

export interface World {
  /** Lines of a file, in the order of receipt; every one of `sent`, some twice or more. */
  readonly lines: readonly string[]
  /** Each message once. */
  readonly sent: readonly Sent[]
}

export interface WorldSize {
  readonly people: number
  readonly days: number
}

/** Any clock is behind it: neither by file nor by request is a message from the future. */
const START_AT = Date.UTC(2024, 0, 1)
const REPEATED_EVERY = 20
/** A repeated message comes so many lines later: in another batch, often in another segment. */
const REPEATED_AFTER = 400

/** Sites of the world as write keys, so that a request is of the same site as a line. */
export const CONFIGURATION = {
  phone: { defaultRegion: 'US' },
  sites: Object.fromEntries(SITE_LIST.map(({ name }) => [name, {}])),
}

export function worldOf(seed: number, size: WorldSize): World {
  const lines: string[] = []
  const sent = new Map<string, Sent>()
  for (const { message, site, receivedAt } of simulate({
    ...size,
    seed,
    hard: true,
    startAt: START_AT,
  })) {
    // A message of nobody is kept among the rejects, not in the log.
    if (!message.anonymousId && !message.userId) continue
    // A live message is corrected by its sentAt, a loaded one is not; and a clock that is ahead would be read
    // otherwise when the message is received later.
    const { sentAt: _, originalTimestamp: __, ...kept } = message
    const at = Math.min(Date.parse(message.timestamp), receivedAt)
    const steady = { ...kept, timestamp: new Date(at).toISOString() }
    const id = message.messageId
    if (!sent.has(id)) sent.set(id, { id, site, message: steady })
    const received = new Date(receivedAt).toISOString()
    lines.push(JSON.stringify({ ...steady, site, receivedAt: received }))
    const before = lines[lines.length - REPEATED_AFTER]
    if (lines.length % REPEATED_EVERY === 0 && before !== undefined) lines.push(before)
  }
  return { lines, sent: [...sent.values()] }
}

export const WORLD_FILE = 'world.ndjson'

/** Puts the world's file and its configuration into a folder. */
export async function layOut(cwd: string, { lines }: World): Promise<void> {
  await writeFile(join(cwd, WORLD_FILE), `${lines.join('\n')}\n`)
  await writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify(CONFIGURATION))
}

/** Makes the names of the world's sites their write keys; a running server takes them at once. */
export async function makeWriteKeys(cwd: string): Promise<void> {
  const store = await openKeys(layoutOf(join(cwd, 'selfsame-data')))
  const making = { store, digest: sha256, now: () => START_AT }
  for (const { name } of SITE_LIST) {
    await makeWriteKey(making, { account: 'default', site: name, label: 'chaos', text: name })
  }
  await store.close()
}
