// What the simulator knows of each identifier and message, in words: whose it is, and why several people share it.

import type { Fact } from '../../src/core/index.ts'
import { worldOptions } from '../../src/simulator/options.ts'
import { populate, type World } from '../../src/simulator/population.ts'
import type { Fields, Item } from '../../src/simulator/index.ts'
import { factOfItem, type Played, truthKey } from './world.ts'

/** An identifier of the truth, as its text and its people. */
interface Owned {
  readonly text: string
  readonly people: string[]
}

/** A message that made an edge, and who sent it. */
export interface Sent {
  readonly item: Item
  readonly fact: Fact
}

export class Ownership {
  readonly #played: Played
  readonly #world: World
  readonly #owned = new Map<string, Owned>()

  constructor(played: Played) {
    this.#played = played
    this.#world = populate(worldOptions(played.frame))
    for (const { identifier, person } of played.simulation.identifierTruth()) {
      const key = truthKey(identifier, played.extraction)
      const owned = this.#owned.get(key)
      if (owned === undefined) this.#owned.set(key, { text: identifier, people: [person] })
      else if (!owned.people.includes(person)) owned.people.push(person)
    }
  }

  peopleOf(key: string): readonly string[] {
    return this.#owned.get(key)?.people ?? []
  }

  /** The one person of an identifier; null for a shared one and for one the truth does not know. */
  personOf(key: string): string | null {
    const people = this.peopleOf(key)
    return people.length === 1 ? (people[0] ?? null) : null
  }

  /** `p12 email:ana@…`; of a shared one its people and why it is shared. */
  label(key: string): string {
    const owned = this.#owned.get(key)
    if (owned === undefined) {
      const node = this.#played.view.node(key)
      return `nobody's ${node?.type}:${node?.namespace}:${node?.value.slice(0, 12)}`
    }
    const shown = owned.people.slice(0, 4).join('+') + (owned.people.length > 4 ? '+…' : '')
    const why = owned.people.length > 1 ? ` (${this.whyShared(key)})` : ''
    return `${shown} ${owned.text.slice(0, 44)}${why}`
  }

  whyShared(key: string): string {
    const { text = '', people = [] } = this.#owned.get(key) ?? {}
    const [type = '', value = ''] = text.split(':')
    const near = this.areHousemates(people)
    if (type === 'cookie') {
      if (people.length === 2 && near) return 'tablet of two'
      return people.length === 2 ? 'cookie of two strangers' : 'kiosk, call centre or hard-coded'
    }
    if (type === 'phone') return near ? 'landline' : 'recycled phone'
    if (type === 'external_id') return near ? 'account of a couple' : 'account of strangers'
    if (value.startsWith('info@')) return 'role mailbox'
    if (/^store\d+@/.test(value)) return "store's address"
    return near ? 'mailbox of a couple' : 'address of strangers'
  }

  areHousemates(people: readonly string[]): boolean {
    const households = people.map((p) => this.#world.householdOf[Number(p.slice(1))] ?? -1)
    return households.every((household) => household >= 0 && household === households[0])
  }

  /** Plays the world once more for the messages that are asked for, by fact id. */
  messages(wanted: ReadonlySet<string>): Map<string, Sent> {
    const found = new Map<string, Sent>()
    if (wanted.size === 0) return found
    for (const item of this.#played.simulation) {
      if (item.repeated || !wanted.has(item.message.messageId)) continue
      const fact = factOfItem(item, this.#played.extraction)
      if (fact !== null) found.set(fact.id, { item, fact })
    }
    return found
  }

  /** Why an edge joins two people: one of its ends is shared, or its message names what is not its sender's. */
  causeOfEdge(a: string, b: string, sent: Sent | undefined): string {
    const cause = sent === undefined ? 'message not found' : this.causeOf(sent)
    const shared = [a, b].filter((key) => this.peopleOf(key).length > 1)
    if (shared.length === 0 || cause === 'alias misused') return cause
    return [...new Set(shared.map((key) => this.whyShared(key)))].toSorted().join(', ')
  }

  /** What the simulator meant by a message: why it names what is not its sender's. */
  causeOf({ item: { message, person }, fact }: Sent): string {
    const path = textAt(message.context, 'page', 'path')
    if (path === '/kiosk') return 'a customer at a kiosk'
    if (path === '/agent') return 'a caller at a call centre'
    if (message.traits?.['store'] !== undefined) return 'a sale at a till'
    if (message.type === 'alias' && message.previousId !== message.anonymousId)
      return 'alias misused'
    const strange = fact.identifiers.filter(({ key }) => {
      const people = this.peopleOf(key)
      return person !== null && people.length > 0 && !people.includes(person)
    })
    const kinds = new Set(strange.map(({ type }) => type))
    if (kinds.has('external_id')) return 'signed in as a housemate on a shared tablet'
    if (kinds.has('email')) return "typed somebody else's address"
    if (kinds.has('phone')) return "gave somebody else's number"
    if (kinds.has('cookie')) return "used somebody else's cookie"
    const shared = fact.identifiers.filter(({ key }) => this.peopleOf(key).length > 1)
    if (shared.length > 0)
      return [...new Set(shared.map(({ key }) => this.whyShared(key)))].join(', ')
    return 'an act of their own'
  }
}

/** `2026-03-09 14:05 shop track "Form Submitted" by p12: typed somebody else's address`. */
export function messageText(ownership: Ownership, sent: Sent | undefined): string {
  if (sent === undefined) return 'message not found'
  const { item, fact } = sent
  const time = new Date(fact.at).toISOString().slice(0, 16).replace('T', ' ')
  const name = fact.name === '' ? fact.type : `${fact.type} "${fact.name}"`
  return `${time} ${fact.site} ${name} by ${item.person}: ${ownership.causeOf(sent)}`
}

function textAt(fields: Fields, ...names: readonly string[]): string {
  let value: unknown = fields
  for (const name of names) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  }
  return typeof value === 'string' ? value : ''
}
