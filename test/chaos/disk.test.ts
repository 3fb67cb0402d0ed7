// A disk that is full or read-only under a load: what is wrong is said in words, nothing acknowledged is lost, and with
// the disk put right the same command goes on to the same end. Needs the right to mount a file system in memory.
import { execFileSync } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { folder, type Ran } from '../cli/run.ts'
import { noMount, remount, withSmallDisk } from '../file-log/directory.ts'
import { Client } from './client.ts'
import { command, serving } from './command.ts'
import { messagesIn } from './holding.ts'
import { recordsIn, recordsReach } from './instant.ts'
import { diceOf, SEED } from './random.ts'
import { expectUndisturbed, undisturbedLoad, type Undisturbed } from './series.ts'
import { layOut, WORLD_FILE } from './world.ts'

vi.setConfig({ testTimeout: 180_000 })

const KIB = 1024
/** The log of the world takes about 2 MiB, the graph with its journal 1 MiB. */
const SIZE = { people: 30, days: 5 }
const ROOM = 64 * KIB * KIB

/** Skips the test where no file system can be mounted. */
function needMount(skip: (note: string) => void): void {
  if (noMount !== null) skip(noMount)
}

/** A folder with the world's file, its data directory on a disk of its own. */
async function onDisk(
  bytes: number,
  work: (cwd: string, disk: string, undisturbed: Undisturbed) => Promise<void>,
): Promise<void> {
  const undisturbed = await undisturbedLoad(SEED, SIZE)
  await withSmallDisk(bytes, async (disk) => {
    const cwd = await folder()
    await layOut(cwd, undisturbed.world)
    await symlink(disk, join(cwd, 'selfsame-data'))
    await work(cwd, disk, undisturbed)
  })
}

function makeRoom(disk: string): void {
  execFileSync('mount', ['-o', `remount,size=${ROOM}`, disk], { stdio: 'ignore' })
}

function expectFailure({ code, stdout, stderr }: Ran, words: RegExp): void {
  expect(stderr).toMatch(words)
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  expect(stderr).not.toContain('    at ')
  expect([code, stdout]).toEqual([1, ''])
}

const READ_ONLY = /^(selfsame|note): .*(read-only|cannot be written)/
const WRITING = [
  ['ingest', WORLD_FILE],
  ['serve', '--port', '0'],
]
const READING = [['profile', 'cookie:c-never-seen'], ['explain', 'cookie:c-never-seen'], ['verify']]

const FULL = /^selfsame: .*(the disk is full|no room left on its disk)/

test.for([4 * KIB, 64 * KIB, 512 * KIB, 1_536 * KIB])(
  `a load into a disk of %i bytes says that it is full, and goes on when there is room (seed ${SEED})`,
  async (bytes, { skip }) => {
    needMount(skip)
    await onDisk(bytes, async (cwd, disk, undisturbed) => {
      for (let time = 0; time < 2; time++) {
        expectFailure(await command(cwd, 'ingest', WORLD_FILE).ended, FULL)
      }
      const before = (await recordsIn(cwd)) === 0 ? [] : await messagesIn(cwd)
      expect(before).toEqual(undisturbed.messages.slice(0, before.length))
      const { code, stderr } = await command(cwd, 'profile', 'cookie:never-seen-here').ended
      expect([code, stderr]).toEqual([1, expect.not.stringContaining('    at ')])
      makeRoom(disk)
      expect(await command(cwd, 'ingest', WORLD_FILE).ended).toMatchObject({ code: 0, stderr: '' })
      await expectUndisturbed(cwd, undisturbed, false)
    })
  },
)

test(`a server on a full disk asks to come back, and takes all when there is room (seed ${SEED})`, async ({
  skip,
}) => {
  needMount(skip)
  await onDisk(1_024 * KIB, async (cwd, disk, undisturbed) => {
    const { running, url } = serving(cwd)
    const client = new Client(undisturbed.world.sent, diceOf(SEED))
    const sending = client.send((await url) ?? '')
    await expect.poll(() => client.refusals.length, { timeout: 50_000 }).toBeGreaterThan(20)
    expect(client.isDone).toBe(false)
    makeRoom(disk)
    await sending
    expect(client.isDone).toBe(true)
    expect(new Set(client.refusals)).toEqual(new Set([503]))
    running.child.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 0 })
    const ids = new Set((await messagesIn(cwd)).map(({ fact }) => fact.id))
    expect(client.acknowledged).toEqual(ids)
    await expectUndisturbed(cwd, undisturbed, true)
  })
})

test('on a read-only disk every command says so, and all is there when it can be written', async ({
  skip,
}) => {
  needMount(skip)
  await onDisk(ROOM, async (cwd, disk, undisturbed) => {
    await command(cwd, 'ingest', WORLD_FILE).ended
    remount(disk, 'ro')
    for (const args of [...WRITING, ...READING]) {
      expectFailure(await command(cwd, ...args).ended, READ_ONLY)
    }
    remount(disk, 'rw')
    expect(await command(cwd, 'ingest', WORLD_FILE).ended).toMatchObject({ code: 0, stderr: '' })
    await expectUndisturbed(cwd, undisturbed, false)
  })
})

test('what a killed load left on a disk that is read-only since can be read as far as it is stored', async ({
  skip,
}) => {
  needMount(skip)
  await onDisk(ROOM, async (cwd, disk, undisturbed) => {
    const { child, ended } = command(cwd, 'ingest', WORLD_FILE)
    await recordsReach(undisturbed.messages.length / 2, child, cwd)
    child.kill('SIGKILL')
    await ended
    remount(disk, 'ro')
    for (const args of WRITING) expectFailure(await command(cwd, ...args).ended, READ_ONLY)
    for (const args of READING) {
      const { stderr } = await command(cwd, ...args).ended
      expect(stderr).toMatch(READ_ONLY)
      expect(stderr).not.toContain('    at ')
    }
    remount(disk, 'rw')
    expect(await command(cwd, 'ingest', WORLD_FILE).ended).toMatchObject({ code: 0, stderr: '' })
    await expectUndisturbed(cwd, undisturbed, false)
  })
})
