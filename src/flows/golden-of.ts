// The golden record of one profile, formed at the moment it is asked for, from the messages that are its own.
// Invariant: what a batch run publishes of the profile, were it to run now; only past the limit does it know less.

import type { Attribute } from '../core/golden/attributes.ts'
import { goldenRecord, type GoldenValue } from '../core/golden/golden-record.ts'
import { type Said, saidOf } from '../core/golden/said.ts'
import type { Fact } from '../core/edge/fact.ts'
import { isFields, NO_FIELDS } from '../core/event/event.ts'
import type { DescribedProfile } from '../core/profile/explain/describe.ts'
import type { Place } from '../ports/event-log.ts'
import { type LookUpParts, timelineOf } from './look-up.ts'

export interface GoldenQuestion {
  readonly attributes: readonly Attribute[]
  /** Only what was said on these; null: on all. */
  readonly sites: readonly string[] | null
  /** Of its own messages about the latest so many at most. */
  readonly messagesMax: number
  /** Messages looked at for that: on cookies of several people most are others'. */
  readonly lookedAtMax: number
}

export interface LiveGolden {
  /** In the order of the attributes. */
  readonly values: readonly GoldenValue[]
  /** False when there are more messages than were read. */
  readonly isWhole: boolean
}

/** A message of the profile's own, and what it says of the attributes. */
export interface OwnMessage {
  readonly fact: Fact
  readonly said: readonly Said[]
}

export interface OwnMessages {
  /** The latest page first. */
  readonly messages: readonly OwnMessage[]
  /** False when there are more than were read. */
  readonly isWhole: boolean
}

/** A page costs a search through the log, whatever it holds. */
const PAGE_MESSAGES = 5_000
/** So a search counts as so many looked at, however few it is asked for. */
const SEARCH_MESSAGES = 1_000

export async function ownMessagesOf(
  parts: LookUpParts,
  profile: DescribedProfile,
  { attributes, sites, messagesMax, lookedAtMax }: GoldenQuestion,
): Promise<OwnMessages> {
  const messages: OwnMessage[] = []
  let before: Place | undefined
  let own = 0
  let lookedAt = 0
  while (own < messagesMax && lookedAt < lookedAtMax) {
    const limit = Math.min(PAGE_MESSAGES, messagesMax - own)
    lookedAt += Math.max(SEARCH_MESSAGES, limit)
    const page = await timelineOf(parts, profile, limit, before)
    own += page.events.length
    for (const { fact, raw } of page.events) {
      if (sites !== null && !sites.includes(fact.site)) continue
      const message: unknown = JSON.parse(raw)
      const said = saidOf(attributes, fact, isFields(message) ? message : NO_FIELDS)
      messages.push({ fact, said })
    }
    if (page.next === null) return { messages, isWhole: true }
    before = page.next
  }
  return { messages, isWhole: false }
}

/** What survives of what messages say. */
export function goldenOfMessages(
  attributes: readonly Attribute[],
  { messages, isWhole }: OwnMessages,
): LiveGolden {
  const said = messages.flatMap((message) => message.said)
  return { values: goldenRecord(attributes, said), isWhole }
}

export async function goldenOf(
  parts: LookUpParts,
  profile: DescribedProfile,
  question: GoldenQuestion,
): Promise<LiveGolden> {
  return goldenOfMessages(question.attributes, await ownMessagesOf(parts, profile, question))
}
