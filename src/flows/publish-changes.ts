// Changes of the graph into the topics that tell others: in the order of the feed, after they are stored.
// Invariant: every change of an epoch is told, and in order; what a crash leaves in doubt is told again, and so is what was
// told of changes that a graph which went back has lost.

import type { ChangeTopics, PublishedChange, SharedUpTo, Told } from '../ports/change-topics.ts'
import type { Position } from '../ports/event-log.ts'
import type { IdentityStore } from '../ports/identity-store.ts'
import { StoreError } from '../ports/store-error.ts'
import { statesOf } from './published-states.ts'
import { Retelling } from './retell-profiles.ts'
import type { StopSignal } from './stop-signal.ts'

export interface PublishParts {
  readonly store: Pick<
    IdentityStore,
    'changes' | 'epoch' | 'profile' | 'load' | 'feedEnd' | 'position' | 'commit'
  >
  readonly topics: ChangeTopics
  /** Of the store; 0 for an epoch that it knows nothing of. */
  readonly sharedUpTo: SharedUpTo
  /** Position at the end of every source of the log. */
  readonly ends: () => Promise<ReadonlyMap<string, Position>>
  /** Whether it is this process that publishes now; for a moment two may. */
  readonly isPublisher: () => boolean
  /** Resolves when the feed may have more, or after a while. */
  readonly fed: () => Promise<void>
  /** Before a further try after a failure. */
  readonly pause: (tries: number) => Promise<void>
  readonly told: (told: Told | StoreError) => void
}

/** Changes published together at the most. */
const CHANGES_MAX = 500

/** Goes on until it is told to stop. @throws {StoreError} that trying again does not help */
export async function publishChanges(parts: PublishParts, signal: StopSignal): Promise<void> {
  const publishing = new Publishing(parts)
  for (let tries = 0; !signal.aborted;) {
    try {
      if (parts.isPublisher()) await publishing.more()
      else {
        await publishing.handOver()
        await parts.fed()
      }
      tries = 0
    } catch (cause) {
      if (!(cause instanceof StoreError) || !cause.retryable) throw cause
      tries++
      publishing.lookAgain()
      parts.told(cause)
      await parts.pause(tries)
    }
  }
}

class Publishing {
  readonly #parts: PublishParts
  #place: Told | null = null
  #retelling: Retelling | null = null
  /** The epoch of what it told last, or tried to, since it publishes. */
  #telling: string | null = null

  constructor(parts: PublishParts) {
    this.#parts = parts
  }

  /** What there is behind the place it is at; waits for more where there is nothing. */
  async more(): Promise<void> {
    const { store, topics, fed, told } = this.#parts
    const before = this.#place
    const changesBehind = ({ sequence }: Told) => store.changes(sequence, CHANGES_MAX)
    // Asked together: each way to the store and back is time until others hear of a change.
    const [epoch, more] = await Promise.all([
      store.epoch(),
      before === null ? Promise.resolve(null) : changesBehind(before),
    ])
    if (before?.epoch !== epoch) this.#place = await this.#begin(epoch)
    if (this.#place === null) return fed()
    const changes = (this.#place === before ? more : null) ?? (await changesBehind(this.#place))
    const last = changes.at(-1)
    if (last === undefined) return fed()
    const ids = new Set(changes.flatMap(({ profile, from }) => [profile, ...from]))
    const states = await statesOf(store, [...ids], epoch)
    // Else it is not known which of what was read is of which epoch.
    if ((await store.epoch()) !== epoch) return
    const published = changes.map((change): PublishedChange => ({ ...change, epoch }))
    this.#telling = epoch
    await topics.publish(published, states)
    this.#place = { epoch, sequence: last.sequence }
    told(this.#place)
  }

  /** Others may have published meanwhile. */
  lookAgain(): void {
    this.#place = null
    this.#retelling = null
  }

  /**
   * Another one publishes now. Where the graph has gone back meanwhile, what was told last may have come after that one had
   * looked what is to be told again.
   */
  async handOver(): Promise<void> {
    this.#place = null
    if (this.#telling === null) return
    const epoch = await this.#parts.store.epoch()
    if (epoch === this.#telling || (await this.#isRetold(epoch))) this.#telling = null
  }

  /** Where to go on; null as long as it is not told again what a graph that went back has lost. */
  async #begin(epoch: string): Promise<Told | null> {
    const { topics, sharedUpTo } = this.#parts
    const last = await topics.last()
    const isOfLost = this.#telling !== null && this.#telling !== epoch
    if (last?.epoch === epoch && !isOfLost) return last
    if (!(await this.#isRetold(epoch))) return null
    this.#telling = null
    if (last === null) return { epoch, sequence: 0 }
    return { epoch, sequence: Math.min(last.sequence, await sharedUpTo(last.epoch)) }
  }

  async #isRetold(epoch: string): Promise<boolean> {
    if (this.#retelling?.epoch !== epoch)
      this.#retelling = await Retelling.begin(this.#parts, epoch)
    return this.#retelling.isDone()
  }
}
