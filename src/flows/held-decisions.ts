// Decisions that came before what their authors had seen is applied: held back, with what comes after them.
// Invariant: of each source everything is let go in order, and once.

import type { Position, StoredRecord } from '../ports/event-log.ts'
import type { Delivered } from '../ports/shared-log.ts'

/** Up to where a source is applied. */
type PositionOf = (source: string) => Promise<Position>

export class HeldDecisions {
  readonly #positionOf: PositionOf
  #held: readonly Delivered[] = []

  constructor(positionOf: PositionOf) {
    this.#positionOf = positionOf
  }

  get isEmpty(): boolean {
    return this.#held.length === 0
  }

  /** What can be applied now, of what was held and of what came. */
  async due(came: readonly Delivered[]): Promise<readonly Delivered[]> {
    this.#forgetWhatComesAgain(came)
    const due: Delivered[] = []
    const held: Delivered[] = []
    const positions = new Map<string, Position>()
    for (const one of [...this.#held, ...came]) {
      const isBehind = held.some(({ source }) => source === one.source)
      const early = isBehind ? 0 : await this.#firstEarly(one.records, positions)
      if (early === null) due.push(one)
      else if (early === 0) held.push(one)
      else {
        const [now, later] = cut(one, early)
        due.push(now)
        held.push(later)
      }
    }
    this.#held = held
    return due
  }

  /** It is read again from elsewhere. */
  forget(source: string): void {
    this.#held = this.#held.filter((one) => one.source !== source)
  }

  /** The others are not read here any more. */
  forgetAllBut(sources: ReadonlySet<string>): void {
    this.#held = this.#held.filter(({ source }) => sources.has(source))
  }

  forgetAll(): void {
    this.#held = []
  }

  /** A source that was lost and got again is read from elsewhere: what comes then comes instead of what was held. */
  #forgetWhatComesAgain(came: readonly Delivered[]): void {
    for (const source of new Set(this.#held.map((one) => one.source))) {
      const last = this.#held.findLast((one) => one.source === source)
      const next = came.find((one) => one.source === source)
      if (next !== undefined && next.after !== last?.upTo) this.forget(source)
    }
  }

  /** Index of the first decision that may not be applied yet; `positions` are those that were asked already. */
  async #firstEarly(
    records: readonly StoredRecord[],
    positions: Map<string, Position>,
  ): Promise<number | null> {
    for (const [at, record] of records.entries()) {
      if (record.kind !== 'decision') continue
      for (const [source, seen] of Object.entries(record.after ?? {})) {
        const position = positions.get(source) ?? (await this.#positionOf(source))
        positions.set(source, position)
        if (position < seen) return at
      }
    }
    return null
  }
}

/** Before a record of it and from there on. */
function cut(whole: Delivered, at: number): readonly [Delivered, Delivered] {
  const middle = (whole.records[at]?.position ?? whole.upTo + 1) - 1
  const before = whole.poisoned.filter(({ position }) => position <= middle)
  const behind = whole.poisoned.filter(({ position }) => position > middle)
  return [
    { ...whole, records: whole.records.slice(0, at), poisoned: before, upTo: middle },
    { ...whole, records: whole.records.slice(at), poisoned: behind, after: middle },
  ]
}
