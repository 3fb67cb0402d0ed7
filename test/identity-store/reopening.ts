// A store that is opened for each call and closed again: nothing that it remembers can help it.

import type { IdentityStore } from '../../src/ports/identity-store.ts'

/** `open`: to be asked for a store to read from, or to write to. */
export function reopening(open: (readOnly: boolean) => Promise<IdentityStore>): IdentityStore {
  let closed = false
  const opened = async <T>(
    readOnly: boolean,
    ask: (store: IdentityStore) => Promise<T>,
  ): Promise<T> => {
    const store = await open(readOnly)
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
