// A store in memory that may come back as it was some commits ago, as one whose disk is a second behind, and that fails.
import { setImmediate } from 'node:timers/promises'
import { createMemoryIdentityStore } from '../../src/adapters/memory/index.ts'
import type { Commit, IdentityStore } from '../../src/ports/identity-store.ts'
import { StoreError } from '../../src/ports/store-error.ts'

/** A line of the feed: its epoch, and the sequence behind which it began. */
interface Line {
  readonly epoch: string
  readonly began: number
}

export class ForgetfulStore {
  #store = createMemoryIdentityStore()
  #commits: Commit[] = []
  readonly #lines: Line[] = []
  /** Drawn before each operation; true lets it fail. */
  readonly #fails: () => boolean

  constructor(fails: () => boolean) {
    this.#fails = fails
  }

  get commits(): number {
    return this.#commits.length
  }

  /** As one process has it. */
  open(): IdentityStore {
    const doing = async <T>(work: (store: IdentityStore) => Promise<T>): Promise<T> => {
      if (this.#fails()) throw unavailable()
      const answer = await work(this.#store)
      if (this.#fails()) throw unavailable()
      return answer
    }
    return {
      ...this.#store,
      load: async (request, limits) => doing((store) => store.load(request, limits)),
      position: async (source) => doing((store) => store.position(source)),
      waiting: async (limit) => doing((store) => store.waiting(limit)),
      profile: async (id) => doing((store) => store.profile(id)),
      changes: async (after, limit) => doing((store) => store.changes(after, limit)),
      feedEnd: async () => doing((store) => store.feedEnd()),
      epoch: async () => doing((store) => store.epoch()),
      commit: async (commit) => {
        // What is loaded meanwhile does not see it yet.
        await setImmediate()
        return doing(() => this.#commit(commit))
      },
    }
  }

  /** The store itself, to look at. */
  get inner(): IdentityStore {
    return this.#store
  }

  /** Goes back to what it was after so many commits. */
  async goBack(commits: number): Promise<void> {
    const kept = this.#commits.slice(0, commits)
    const store = createMemoryIdentityStore()
    for (const { epoch: _, ...commit } of kept) await store.commit(commit)
    this.#lines.push({ epoch: await this.#store.epoch(), began: await store.feedEnd() })
    this.#store = store
    this.#commits = kept
  }

  /** Up to where the feed is as it was under this epoch. */
  async sharedUpTo(epoch: string): Promise<number> {
    if (epoch === (await this.#store.epoch())) return Infinity
    const from = this.#lines.findIndex((line) => line.epoch === epoch)
    return from < 0 ? 0 : Math.min(...this.#lines.slice(from).map(({ began }) => began))
  }

  async #commit(commit: Commit): Promise<'committed' | 'conflict'> {
    const store = this.#store
    const answer = await store.commit(commit)
    // Else it has gone back meanwhile: what was acknowledged is lost.
    if (answer === 'committed' && store === this.#store) this.#commits.push(commit)
    return answer
  }
}

function unavailable(): StoreError {
  return new StoreError('unavailable', 'as drawn', { retryable: true })
}
