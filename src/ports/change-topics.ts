// Where everybody outside learns of changes: each change of a profile, its latest state, and what could not be understood.
// Invariant: of an epoch every change is told, in order within each profile; one may be told twice.

import type { Identifier } from '../core/identifier/identifier.ts'
import type { ProfileRecord } from '../core/profile/view/records.ts'
import type { StoredChange } from './identity-store.ts'
import type { Poisoned } from './shared-log.ts'

export interface PublishedChange extends StoredChange {
  /** Of the store that made it. */
  readonly epoch: string
}

export interface PublishedProfile extends Pick<
  ProfileRecord,
  'id' | 'founder' | 'revision' | 'kind' | 'state' | 'size' | 'weakest' | 'redirect'
> {
  readonly epoch: string
  /** No change above this sequence of the epoch is in it. */
  readonly asOf: number
  readonly members: readonly Identifier[]
}

/** Up to where changes were told. */
export interface Told {
  readonly epoch: string
  /** All of the epoch up to this one were; later ones may have been. */
  readonly sequence: number
}

/** Up to which sequence the feed is today as it was under an epoch; no bound for the epoch of today. */
export type SharedUpTo = (epoch: string) => Promise<number>

export interface ChangeTopics {
  /**
   * Resolves once all in-sync replicas have it. Changes are of one epoch, ascend, and go on behind those that were
   * published before. Profiles by id: the latest state, or null for one that is gone. There may be profiles alone.
   * @throws {StoreError} then publish the same again
   */
  publish(
    changes: readonly PublishedChange[],
    profiles: ReadonlyMap<string, PublishedProfile | null>,
  ): Promise<void>
  /** @throws {StoreError} when it is not written in time */
  reject(poisoned: readonly Poisoned[]): Promise<void>
  /** Where to go on publishing; null where nothing was ever told. */
  last(): Promise<Told | null>
  /**
   * By id, what was told of it last where that may be of what the feed has lost: a state as of later than is shared with
   * its epoch; or, told not long ago, that it is gone.
   * @throws {StoreError} when it cannot be read
   */
  toldBeyond(sharedUpTo: SharedUpTo): Promise<ReadonlyMap<string, PublishedProfile | null>>
  close(): Promise<void>
}
