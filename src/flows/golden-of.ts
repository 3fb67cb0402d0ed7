// The golden record of one profile, formed at the moment it is asked for, from the messages that are its own.
// Invariant: what a batch run publishes of the profile, were it to run now; only past the limit does it know less.

import type { Attribute } from '../core/golden/attributes.ts'
import { goldenRecord, type GoldenValue } from '../core/golden/golden-record.ts'
import { type Said, saidOf } from '../core/golden/said.ts'
import { isFields, NO_FIELDS } from '../core/event/event.ts'
import type { DescribedProfile } from '../core/profile/describe.ts'
import type { Place } from '../ports/event-log.ts'
import { type LookUpParts, timelineOf } from './look-up.ts'

export interface GoldenQuestion {
  readonly attributes: readonly Attribute[]
  /** Only what was said on these; null: on all. */
  readonly sites: readonly string[] | null
  /** The latest so many messages are read at most. */
  readonly messagesMax: number
}

export interface LiveGolden {
  /** In the order of the attributes. */
  readonly values: readonly GoldenValue[]
  /** False when there are more messages than were read. */
  readonly isWhole: boolean
}

const PAGE_MESSAGES = 500

export async function goldenOf(
  parts: LookUpParts,
  profile: DescribedProfile,
  { attributes, sites, messagesMax }: GoldenQuestion,
): Promise<LiveGolden> {
  const said: Said[] = []
  let before: Place | undefined
  for (let left = messagesMax; left > 0; left -= PAGE_MESSAGES) {
    const page = await timelineOf(parts, profile, Math.min(left, PAGE_MESSAGES), before)
    for (const { fact, raw } of page.events) {
      if (sites !== null && !sites.includes(fact.site)) continue
      const message: unknown = JSON.parse(raw)
      said.push(...saidOf(attributes, fact, isFields(message) ? message : NO_FIELDS))
    }
    if (page.next === null) return { values: goldenRecord(attributes, said), isWhole: true }
    before = page.next
  }
  return { values: goldenRecord(attributes, said), isWhole: false }
}
