// Messages that were understood in another thread, as flat numbers and texts: these cross at a fraction of the cost of
// objects, and what comes again and again (identifiers, names) crosses once.
// Invariant: an unpacker that is given everything its packer made, in order, gives back equal messages.

import { EVENT_TYPES } from '../../core/event/event.ts'
import {
  NO_CLUES,
  type Clues,
  type Fact,
  type FactEdge,
  type Identifier,
} from '../../core/index.ts'
import type { Rejected, Understood } from '../../flows/ingest.ts'
import type { MessageRecord } from '../../ports/event-log.ts'

/** What both sides remember at most; then both forget all of it. An identifier takes about a third of a kilobyte. */
const REMEMBERED_MAX = 32_768

export interface FlatMessages {
  /**
   * A message after the other, `FIELDS` numbers each: site, type, name, time, receipt, identifiers, edges, how many clues;
   * what is remembered by its number, the type by its place among the types. Of a rejected one only `REJECTED`.
   */
  readonly numbers: Float64Array<ArrayBuffer>
  /** Of each message that was not rejected. */
  readonly ids: readonly string[]
  /** Of all messages, one after the other. */
  readonly clues: Clues
  readonly rejected: readonly Rejected[]
  /** Whether to forget everything before this is read. */
  readonly forget: boolean
  /** What is met for the first time, in the order of its numbers. */
  readonly texts: readonly string[]
  readonly identifiers: readonly Identifier[]
  /** Identifiers that a message names together, by their numbers. */
  readonly identifierLists: readonly (readonly number[])[]
  readonly edgeLists: readonly (readonly FactEdge[])[]
}

const REJECTED = -1
const FIELDS = 8

/** Numbers things as they come. */
class Numbering<Thing> {
  readonly #numbers = new Map<unknown, number>()
  #fresh: Thing[] = []

  get size(): number {
    return this.#numbers.size
  }

  /** The number of a thing; `key` is the same for things that are alike. */
  of(key: unknown, thing: Thing): number {
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(key, number)
      this.#fresh.push(thing)
    }
    return number
  }

  takeFresh(): Thing[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }

  forget(): void {
    this.#numbers.clear()
  }
}

export class Packer {
  readonly #texts = new Numbering<string>()
  readonly #identifiers = new Numbering<Identifier>()
  readonly #identifierLists = new Numbering<readonly number[]>()
  readonly #edgeLists = new Numbering<readonly FactEdge[]>()
  readonly #rememberedMax: number

  constructor(rememberedMax = REMEMBERED_MAX) {
    this.#rememberedMax = rememberedMax
  }

  pack(messages: readonly Understood[]): FlatMessages {
    const forget = this.#forgetIfFull()
    const numbers: number[] = []
    const ids: string[] = []
    const clues: number[] = []
    const rejected: Rejected[] = []
    for (const message of messages) {
      if ('kind' in message) {
        ids.push(message.fact.id)
        this.#packFact(message.fact, numbers)
        for (const clue of message.fact.clues) clues.push(clue)
      } else {
        numbers.push(REJECTED)
        rejected.push(message)
      }
    }
    return {
      numbers: Float64Array.from(numbers),
      ids,
      clues: new Uint32Array(clues),
      rejected,
      forget,
      texts: this.#texts.takeFresh(),
      identifiers: this.#identifiers.takeFresh(),
      identifierLists: this.#identifierLists.takeFresh(),
      edgeLists: this.#edgeLists.takeFresh(),
    }
  }

  #forgetIfFull(): boolean {
    const all = [this.#texts, this.#identifiers, this.#identifierLists, this.#edgeLists]
    const isFull = all.some(({ size }) => size > this.#rememberedMax)
    if (isFull) for (const numbering of all) numbering.forget()
    return isFull
  }

  #packFact(fact: Fact, to: number[]): void {
    const { site, type, name, at, receivedAt, identifiers, edges, clues } = fact
    // By the object: extraction gives the same one for what it met lately.
    const named = identifiers.map((identifier) => this.#identifiers.of(identifier, identifier))
    let shape = ''
    for (const { from, to: other, kind } of edges) shape += `${from} ${other} ${kind} `
    to.push(
      this.#text(site),
      EVENT_TYPES.indexOf(type),
      this.#text(name),
      at,
      receivedAt,
      this.#identifierLists.of(named.join(' '), named),
      this.#edgeLists.of(shape, edges),
      clues.length,
    )
  }

  #text(text: string): number {
    return this.#texts.of(text, text)
  }
}

export class Unpacker {
  readonly #account: string
  readonly #texts: string[] = []
  readonly #identifiers: Identifier[] = []
  readonly #identifierLists: (readonly Identifier[])[] = []
  readonly #edgeLists: (readonly FactEdge[])[] = []

  constructor(account: string) {
    this.#account = account
  }

  /** `recordOf`: what goes to the log, by its fact and its index among all messages. */
  unpack(flat: FlatMessages, recordOf: (fact: Fact, index: number) => MessageRecord): Understood[] {
    this.#learn(flat)
    const messages: Understood[] = []
    const { numbers, ids, rejected, clues } = flat
    let rejects = 0
    let told = 0
    for (let at = 0, index = 0; at < numbers.length; index++) {
      const reject = numbers[at] === REJECTED ? rejected[rejects++] : undefined
      if (reject === undefined) {
        const from = told
        told += numbers[at + FIELDS - 1] ?? 0
        // A copy of its own: a part of the whole would keep the whole.
        const own = told === from ? NO_CLUES : clues.slice(from, told)
        messages.push(recordOf(this.#fact(ids[index - rejects] ?? '', numbers, at, own), index))
        at += FIELDS
      } else {
        messages.push(reject)
        at++
      }
    }
    return messages
  }

  #learn({ forget, texts, identifiers, identifierLists, edgeLists }: FlatMessages): void {
    if (forget) {
      this.#texts.length = 0
      this.#identifiers.length = 0
      this.#identifierLists.length = 0
      this.#edgeLists.length = 0
    }
    for (const text of texts) this.#texts.push(text)
    for (const identifier of identifiers) this.#identifiers.push(identifier)
    for (const list of identifierLists) {
      const named = list.map((number) => this.#identifiers[number])
      this.#identifierLists.push(named.filter((identifier) => identifier !== undefined))
    }
    for (const list of edgeLists) this.#edgeLists.push(list)
  }

  #fact(id: string, numbers: Float64Array, at: number, clues: Clues): Fact {
    return {
      id,
      account: this.#account,
      site: this.#texts[numbers[at] ?? 0] ?? '',
      type: EVENT_TYPES[numbers[at + 1] ?? 0] ?? 'track',
      name: this.#texts[numbers[at + 2] ?? 0] ?? '',
      at: numbers[at + 3] ?? 0,
      receivedAt: numbers[at + 4] ?? 0,
      identifiers: this.#identifierLists[numbers[at + 5] ?? 0] ?? [],
      edges: this.#edgeLists[numbers[at + 6] ?? 0] ?? [],
      clues,
    }
  }
}
