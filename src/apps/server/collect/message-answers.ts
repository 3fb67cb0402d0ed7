// The answer to each message of a request that asked for it: taken or refused, and whose it is now.

import type { Incoming, Outcome } from '../../flows/ingest.ts'
import { ownerOfMessage, type OwnerParts } from '../../flows/owner-of-message.ts'
import type { Refused } from './refusals.ts'
import type { Tracked } from './tracked-messages.ts'

export type MessageAnswer =
  | {
      readonly status: 'accepted' | 'duplicate'
      readonly message_id: string
      readonly profile: string | null
    }
  | { readonly status: 'rejected'; readonly reason: string; readonly detail: string }

/** A message of a request and what became of it. */
export type Answered =
  | { readonly taken: Incoming; readonly id: string; readonly status: 'accepted' | 'duplicate' }
  | Refused

/** Puts the outcomes of the log back among the messages that were refused before they reached it. */
export function inPlace(
  tracked: readonly Tracked[],
  outcomes: readonly Outcome[],
): readonly Answered[] {
  let next = 0
  return tracked.map((one) => {
    if ('reason' in one) return { ...one, raw: undefined }
    const outcome = outcomes[next++]
    if (outcome === undefined) throw new Error('a message without an outcome')
    if (outcome.status === 'rejected') return { ...outcome, raw: one.raw }
    return { taken: one, id: outcome.id, status: outcome.status }
  })
}

/** To be asked when the messages are resolved. */
export async function answersTo(
  account: OwnerParts,
  answered: readonly Answered[],
): Promise<readonly MessageAnswer[]> {
  return Promise.all(
    answered.map(async (one): Promise<MessageAnswer> => {
      if ('reason' in one) return { status: 'rejected', reason: one.reason, detail: one.detail }
      const profile = await ownerOfMessage(account, one.taken)
      return { status: one.status, message_id: one.id, profile }
    }),
  )
}
