// Keys and profile ids outside, numbers inside: looks either up by the other and remembers the latest ones.
// Invariant: what is remembered is stored; a number stands for one key until the tally's `removals` moves on.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import { prepareQuery, type Query } from './query.ts'

/** A map of bounded size in two generations: what is used stays, what was not used for a generation goes. */
class Recent<K, V> {
  #young = new Map<K, V>()
  #old = new Map<K, V>()
  readonly #generationMax: number

  constructor(entriesMax: number) {
    this.#generationMax = Math.ceil(entriesMax / 2)
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#generationMax) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  delete(key: K): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}

export class Numbers {
  readonly #nodeIds: Recent<Key, number>
  readonly #nodeKeys: Recent<number, Key>
  readonly #profileIds: Recent<string, number>
  readonly #profileNames: Recent<number, string>
  readonly #selectId: Query<[number]>
  readonly #selectKey: Query<[Key]>
  readonly #selectProfileId: Query<[number]>
  readonly #selectProfileName: Query<[string]>
  #removals = 0

  constructor(database: DatabaseSync, entriesMax: number) {
    this.#nodeIds = new Recent(entriesMax)
    this.#nodeKeys = new Recent(entriesMax)
    this.#profileIds = new Recent(entriesMax)
    this.#profileNames = new Recent(entriesMax)
    this.#selectId = prepareQuery(
      database,
      'SELECT id FROM node WHERE substr(key, 1, 6) = unhex(substr(?1, 1, 12)) AND key = unhex(?1)',
    )
    this.#selectKey = prepareQuery(database, 'SELECT lower(hex(key)) FROM node WHERE id = ?')
    this.#selectProfileId = prepareQuery(
      database,
      'SELECT id FROM profile WHERE substr(name, -8) = substr(?1, -8) AND name = ?1',
    )
    this.#selectProfileName = prepareQuery(database, 'SELECT name FROM profile WHERE id = ?')
  }

  /** Called in a transaction, with what its tally says. */
  forgetAfter(removals: number): void {
    if (removals === this.#removals) return
    this.#removals = removals
    this.forgetAll()
  }

  /** Called when a transaction was undone: what it had given out never was. */
  forgetAll(): void {
    this.#nodeIds.clear()
    this.#nodeKeys.clear()
    this.#profileIds.clear()
    this.#profileNames.clear()
  }

  forget(key: Key, id: number): void {
    this.#nodeIds.delete(key)
    this.#nodeKeys.delete(id)
  }

  nodeId(key: Key): number | undefined {
    const known = this.#nodeIds.get(key)
    if (known !== undefined) return known
    const id = this.#selectId.first(key)?.[0]
    if (id !== undefined) this.remember(key, id)
    return id
  }

  nodeKey(id: number): Key | undefined {
    const known = this.#nodeKeys.get(id)
    if (known !== undefined) return known
    const key = this.#selectKey.first(id)?.[0]
    if (key !== undefined) this.remember(key, id)
    return key
  }

  remember(key: Key, id: number): void {
    this.#nodeIds.set(key, id)
    this.#nodeKeys.set(id, key)
  }

  profileId(name: string): number | undefined {
    const known = this.#profileIds.get(name)
    if (known !== undefined) return known
    const id = this.#selectProfileId.first(name)?.[0]
    if (id !== undefined) this.#profileIds.set(name, id)
    return id
  }

  profileName(id: number): string | undefined {
    const known = this.#profileNames.get(id)
    if (known !== undefined) return known
    const name = this.#selectProfileName.first(id)?.[0]
    if (name !== undefined) this.#profileNames.set(id, name)
    return name
  }
}
