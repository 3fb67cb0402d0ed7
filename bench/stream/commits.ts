// When the rows of a feed were committed, as a reader beside the server sees it: it asks for the end again and again.

import { setTimeout as sleep } from 'node:timers/promises'

import type { IdentityStore } from '../../src/ports/identity-store.ts'

const ASK_EVERY_MS = 2

export interface Commits {
  /** Of each row since the beginning, in order: an instant before its commit, by 2 ms or so; ms since the epoch. */
  readonly committed: readonly number[]
  /** How many rows came at once. */
  readonly sizes: readonly number[]
  stop(): void
}

export async function watchCommits(
  store: Pick<IdentityStore, 'feedEnd'>,
): Promise<Commits & { readonly first: number }> {
  const first = await store.feedEnd()
  const committed: number[] = []
  const sizes: number[] = []
  const watching = new AbortController()
  void (async () => {
    let before = performance.timeOrigin + performance.now()
    for (let end = first; !watching.signal.aborted;) {
      const asked = performance.timeOrigin + performance.now()
      const latest = await store.feedEnd()
      if (latest > end) sizes.push(latest - end)
      for (; end < latest; end++) committed.push(before)
      before = asked
      await sleep(ASK_EVERY_MS)
    }
  })()
  return {
    first,
    committed,
    sizes,
    stop: () => watching.abort(),
  }
}
