// What somebody outside makes of the topic of changes: of each profile only what is above the epoch and revision it has.
// Invariant: a view that was never told a gap, nor two things of one revision.
import { expect } from 'vitest'

import type { PublishedChange } from '../../../src/ports/change-topics.ts'

interface Known {
  readonly epoch: string
  readonly revision: number
}

export class OutsideView {
  /** By profile, the latest. */
  readonly latest = new Map<string, Known>()
  /** What was told, but for the epoch: of each profile every revision. */
  readonly told = new Set<string>()
  readonly #texts = new Map<string, string>()

  /** In the order of the profile's partition. */
  take(change: PublishedChange): void {
    const { profile, epoch, revision } = change
    const text = textOf(change)
    const name = `${profile} ${revision} ${epoch}`
    expect(this.#texts.get(name) ?? text, `${name} is told as two things`).toBe(text)
    this.#texts.set(name, text)
    this.told.add(text)
    const known = this.latest.get(profile)
    if (known?.epoch === epoch && revision <= known.revision) return
    if (known !== undefined && epoch < known.epoch) return
    const missed = revision - (known?.revision ?? 0) - 1
    expect(missed, `changes of ${name} that were left out`).toBeLessThanOrEqual(0)
    this.latest.set(profile, { epoch, revision })
  }
}

export function textOf({
  profile,
  revision,
  event,
  from,
  at,
  reason,
}: Omit<PublishedChange, 'epoch' | 'sequence'>): string {
  return JSON.stringify([profile, revision, event, from, at, reason])
}
