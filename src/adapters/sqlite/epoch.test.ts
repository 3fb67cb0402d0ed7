// When a feed is another one: a store made anew, and one that may have lost its latest commits.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { account, digest, withDirectory } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { committed } from '../../ports/conformance/identity-store.subject.ts'
import { openSqliteStore, openThreadedStore } from './index.ts'

const { people, change } = samplesOf({ account, digest })

async function epochOf(file: string, boot?: string): Promise<string> {
  const store = openSqliteStore(file, {}, boot)
  const epoch = await store.epoch()
  await store.close()
  return epoch
}

const withFile = (work: (file: string) => Promise<void>): Promise<void> =>
  withDirectory(async (directory) => work(join(directory, 'graph.db')))

test('it stays over openings, of one process and of another, and a reader sees the same', () =>
  withFile(async (file) => {
    const epoch = await epochOf(file)
    expect(await epochOf(file)).toBe(epoch)
    const threaded = await openThreadedStore(file)
    expect(await threaded.epoch()).toBe(epoch)
    await threaded.close()
    const reader = openSqliteStore(file, { readOnly: true }, 'another start')
    expect(await reader.epoch()).toBe(epoch)
    await reader.close()
  }))

test('a store made anew has another one', () =>
  withFile(async (file) => {
    const epoch = await epochOf(file)
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    expect(await epochOf(file)).not.toBe(epoch)
  }))

test('after another start of the machine it is another one, and then stays', () =>
  withFile(async (file) => {
    const before = await epochOf(file, 'first start')
    const store = openSqliteStore(file, {}, 'first start')
    await committed(store, people('cookie:1'), { changes: [change('cookie:1', 1)] })
    await store.close()
    const after = await epochOf(file, 'second start')
    expect(after).not.toBe(before)
    expect(await epochOf(file, 'second start')).toBe(after)
    const again = openSqliteStore(file, {}, 'second start')
    expect(await again.feedEnd()).toBe(1)
    await again.close()
  }))

test('where nobody knows which start it is, it stays', () =>
  withFile(async (file) => {
    const epoch = await epochOf(file, '')
    expect(await epochOf(file, 'a start')).toBe(epoch)
    expect(await epochOf(file, '')).toBe(epoch)
  }))
