// The answer to each message of a request that asked for it: taken or refused, and whose it is now.

import type { Fact } from '../../../core/index.ts'
import type { Outcome } from '../../../flows/ingest.ts'
import { ownerOfMessage } from '../../../flows/owner-of-message.ts'
import type { ServedAccount } from '../parts.ts'
import type { ReadMessage, Refused } from './tracked-messages.ts'
import type { MessageAnswer } from './wire.ts'

/** A message of a request and what became of it. */
export type Answered = { readonly fact: Fact; readonly status: 'accepted' | 'duplicate' } | Refused

/** Puts the outcomes of the log back among the messages that were refused before they reached it. */
export function inPlace(
  read: readonly ReadMessage[],
  outcomes: readonly Outcome[],
): readonly Answered[] {
  let next = 0
  return read.map((one) => {
    if ('reason' in one) return one
    const outcome = outcomes[next]
    next++
    if (outcome === undefined || outcome.status === 'rejected') {
      throw new Error('a message without an outcome')
    }
    return { fact: one.fact, status: outcome.status }
  })
}

/**
 * To be asked when the messages are resolved. The answer to a duplicate is that of the message that counted, if it was
 * answered lately too: of what is sent under its id now nothing is kept, so nothing is told about it either.
 */
export async function answersTo(
  { resolver, answeredLately }: Pick<ServedAccount, 'resolver' | 'answeredLately'>,
  answered: readonly Answered[],
): Promise<readonly MessageAnswer[]> {
  for (const one of answered) {
    if ('fact' in one && one.status === 'accepted') answeredLately.set(one.fact.id, one.fact)
  }
  return Promise.all(
    answered.map(async (one): Promise<MessageAnswer> => {
      if ('reason' in one) return { status: 'rejected', reason: one.reason, detail: one.detail }
      const counted = answeredLately.get(one.fact.id)
      const profile = counted === undefined ? null : await ownerOfMessage(resolver, counted)
      return { status: one.status, message_id: one.fact.id, profile }
    }),
  )
}
