// Two at a time on one directory: a second writer is refused while a load or a server works, everything else goes on
// beside it. And a directory of a newer format is refused by every command, and not touched.
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'

import { expect, test, vi } from 'vitest'

import { folder, runJson } from '../cli/run.ts'
import { Client } from './client.ts'
import { command, environment, ingestOpen, serving } from './command.ts'
import { graphOf, logOf } from './holding.ts'
import { recordsReach } from './instant.ts'
import { diceOf, SEED } from './random.ts'
import { expectUndisturbed, undisturbedLoad } from './series.ts'
import { layOut, WORLD_FILE, type Sent, type World } from './world.ts'

vi.setConfig({ testTimeout: 180_000 })

const SIZE = { people: 30, days: 5 }

const cookieOf = ({ message }: Sent): string => `cookie:${String(message['anonymousId'])}`

/** Cookies of the first messages: of a load under way they are stored soon. */
function cookiesOf({ sent }: World): readonly string[] {
  return sent
    .slice(0, 100)
    .filter(({ message }) => 'anonymousId' in message)
    .map(cookieOf)
}

async function isStored(cwd: string, cookie: string): Promise<boolean> {
  return (await command(cwd, 'profile', cookie).ended).code === 0
}

test(`a second writer is refused while a load runs, and readers are not (seed ${SEED})`, async () => {
  const undisturbed = await undisturbedLoad(SEED, SIZE)
  const { world, messages } = undisturbed
  const cwd = await folder()
  await layOut(cwd, world)
  const file = join(cwd, WORLD_FILE)
  const middle = world.lines.slice(0, world.lines.length / 2).join('\n').length + 1
  const { child, ended } = ingestOpen(cwd, '--json')
  await pipeline(createReadStream(file, { end: middle - 1 }), child.stdin!, { end: false })
  await recordsReach(messages.length / 3, child, cwd)
  for (const args of [
    ['ingest', WORLD_FILE],
    ['serve', '--port', '0'],
  ]) {
    const { code, stderr } = await command(cwd, ...args).ended
    expect(stderr).toContain(`process ${child.pid} writes to it`)
    expect(code).toBe(1)
  }
  const [cookie = ''] = cookiesOf(world)
  await expect.poll(() => isStored(cwd, cookie), { timeout: 50_000 }).toBe(true)
  const rest = pipeline(createReadStream(file, { start: middle }), child.stdin!)
  for (const args of [['verify'], ['explain', cookie], ['profile', cookie]]) {
    expect(await command(cwd, ...args).ended).toMatchObject({ code: 0, stderr: '' })
  }
  await rest
  const { code, stdout } = await ended
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ accepted: messages.length, rejected: 0 })
  await expectUndisturbed(cwd, undisturbed, false)
})

test(`beside a server under load all commands work, through it or beside it (seed ${SEED})`, async () => {
  const undisturbed = await undisturbedLoad(SEED, SIZE)
  const { world } = undisturbed
  const cwd = await folder()
  await layOut(cwd, world)
  const { running, url } = serving(cwd)
  const at = (await url) ?? ''
  const client = new Client(world.sent, diceOf(SEED))
  const sending = client.send(at)
  const loading = runJson(['ingest', WORLD_FILE], { cwd, environment })
  const second = await command(cwd, 'serve', '--port', '0').ended
  expect(second.stderr).toContain(`open already: ${at}`)
  expect(second.code).toBe(1)
  const cookie = cookieOf(await firstAcknowledged(client, world))
  for (const args of [['profile', cookie], ['explain', cookie], ['verify']]) {
    expect(await command(cwd, ...args).ended).toMatchObject({ code: 0, stderr: '' })
  }
  await sending
  const loaded = (await loading) as { accepted: number; duplicates: number }
  expect(loaded.accepted + loaded.duplicates).toBe(world.lines.length)
  expect(client.refusals).toEqual([])
  running.child.kill('SIGTERM')
  expect((await running.ended).code).toBe(0)
  await expectUndisturbed(cwd, undisturbed, true)
})

async function firstAcknowledged({ acknowledged }: Client, { sent }: World): Promise<Sent> {
  const known = (): Sent | undefined =>
    sent.find(({ id, message }) => acknowledged.has(id) && 'anonymousId' in message)
  await expect.poll(known, { timeout: 50_000 }).toBeDefined()
  return known()!
}

// Formats older than today's: there are none yet. That they are migrated is tested where they will be (trouble.test.ts
// of either store), with made-up formats.
test.for([
  [
    'log',
    (cwd: string) => replaceText(join(logOf(cwd), 'format.json'), '"version":1', '"version":2'),
  ],
  ['graph', (cwd: string) => raiseFormat(graphOf(cwd))],
  [
    'directory',
    (cwd: string) =>
      replaceText(
        join(cwd, 'selfsame-data', 'policy', 'default.json'),
        '"format": 1',
        '"format": 2',
      ),
  ],
] as const)(
  'a newer format of the %s is refused with what to do, and nothing is changed',
  async ([, raise]) => {
    const cwd = await folder()
    await writeFile(
      join(cwd, 'a.ndjson'),
      '{"type":"page","anonymousId":"c-one","messageId":"m-1"}\n',
    )
    await command(cwd, 'ingest', 'a.ndjson').ended
    const lower = await raise(cwd)
    await writeFile(
      join(cwd, 'b.ndjson'),
      '{"type":"page","anonymousId":"c-two","messageId":"m-2"}\n',
    )
    const before = await filesIn(cwd)
    for (const args of [
      ['ingest', 'b.ndjson'],
      ['serve', '--port', '0'],
      ['profile', 'cookie:c-one'],
      ['explain', 'cookie:c-one'],
      ['verify'],
    ]) {
      const { code, stdout, stderr } = await command(cwd, ...args).ended
      expect(stderr).toMatch(
        /^selfsame: .*(newer version|format 2).*\n?.*([Uu]pdate|[Uu]se the newer)/,
      )
      expect(stderr).not.toContain('    at ')
      expect([code, stdout]).toEqual([1, ''])
    }
    expect(await filesIn(cwd)).toEqual(before)
    await lower()
    expect(await runJson(['ingest', 'b.ndjson'], { cwd, environment })).toMatchObject({
      accepted: 1,
      profiles: 2,
    })
  },
)

/** Log and settings as they lie there. A reader of the graph may make files beside it, and says nothing in it. */
async function filesIn(cwd: string): Promise<ReadonlyMap<string, string>> {
  const data = join(cwd, 'selfsame-data')
  const files = new Map<string, string>()
  for (const name of await readdir(data, { recursive: true })) {
    const isText = !name.startsWith('graph') && (await stat(join(data, name))).isFile()
    if (isText) files.set(name, await readFile(join(data, name), 'utf8'))
  }
  return files
}

/** Returns what takes it back. */
async function replaceText(path: string, from: string, to: string): Promise<() => Promise<void>> {
  const text = await readFile(path, 'utf8')
  expect(text).toContain(from)
  await writeFile(path, text.replace(from, to))
  return () => writeFile(path, text)
}

function raiseFormat(path: string): () => Promise<void> {
  const database = new DatabaseSync(path)
  const format = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  database.exec(`PRAGMA user_version = ${format + 1}`)
  database.close()
  return () => {
    const again = new DatabaseSync(path)
    again.exec(`PRAGMA user_version = ${format}`)
    again.close()
    return Promise.resolve()
  }
}
