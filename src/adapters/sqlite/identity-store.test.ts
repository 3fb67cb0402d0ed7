// The SQLite store passes the cases of its port on a file: as it is, and opened anew for every single call.

import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { identityStoreCases } from '../../ports/conformance/identity-store.cases.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { openSqliteStore, openThreadedStore } from './index.ts'

const digest = (text: string): string => hash('sha256', text, 'hex')

async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "selfsame it's a store "))
  try {
    await work(join(folder, 'graph.db'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Opens the file for each call, to read or to write, and closes it again. */
async function reopening(file: string): Promise<IdentityStore> {
  await openSqliteStore(file).close()
  let closed = false
  const opened = async <T>(
    readOnly: boolean,
    ask: (store: IdentityStore) => Promise<T>,
  ): Promise<T> => {
    const store = openSqliteStore(file, { readOnly })
    if (closed) await store.close()
    try {
      return await ask(store)
    } finally {
      await store.close()
    }
  }
  return {
    load: (request, limits) => opened(true, (store) => store.load(request, limits)),
    commit: (commit) => opened(false, (store) => store.commit(commit)),
    position: (source) => opened(true, (store) => store.position(source)),
    profile: (id) => opened(true, (store) => store.profile(id)),
    changesOf: (id, limit) => opened(true, (store) => store.changesOf(id, limit)),
    changes: (after, limit) => opened(true, (store) => store.changes(after, limit)),
    feed: (after, limit) => opened(true, (store) => store.feed(after, limit)),
    feedEnd: () => opened(true, (store) => store.feedEnd()),
    epoch: () => opened(true, (store) => store.epoch()),
    questions: (after, limit) => opened(true, (store) => store.questions(after, limit)),
    question: (id) => opened(true, (store) => store.question(id)),
    verdicts: (before, limit) => opened(true, (store) => store.verdicts(before, limit)),
    verdictOn: (question) => opened(true, (store) => store.verdictOn(question)),
    waiting: (limit) => opened(true, (store) => store.waiting(limit)),
    counts: () => opened(true, (store) => store.counts()),
    census: (crowdFrom) => opened(true, (store) => store.census(crowdFrom)),
    promiscuous: (crowdFrom, after, limit) =>
      opened(true, (store) => store.promiscuous(crowdFrom, after, limit)),
    membership: () => opened(true, (store) => store.membership()),
    scanNodes: (after, limit) => opened(true, (store) => store.scanNodes(after, limit)),
    close: () => {
      closed = true
      return Promise.resolve()
    },
  }
}

describe.each<[string, (file: string) => Promise<IdentityStore>]>([
  ['one opening', (file) => Promise.resolve(openSqliteStore(file))],
  [
    'nothing remembered',
    (file) => Promise.resolve(openSqliteStore(file, { numbersRememberedMax: 2 })),
  ],
  ['an opening a call', reopening],
  ['a thread that writes', (file) => openThreadedStore(file)],
])('%s', (_name, open) => {
  test.for(identityStoreCases)('$name', (entry) =>
    inFolder(async (file) => {
      await expect(
        entry.run({ account: 'default', digest, open: () => open(file) }),
      ).resolves.toBeUndefined()
    }),
  )
})
