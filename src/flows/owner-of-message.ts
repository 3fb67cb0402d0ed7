// Whose a message is now: the profile of the strongest identifier it names.
// Invariant: on a shared cookie a message without a name of its own is nobody's; the timeline knows more than one message.

import { factOf } from '../core/edge/fact-of.ts'
import { parseEvent } from '../core/event/parse-event.ts'
import type { Extraction } from '../core/identifier/extraction.ts'
import { strongestIdentifier } from '../core/profile/ownership.ts'
import type { Incoming } from './ingest.ts'
import type { Resolver } from './resolve-events.ts'

export interface OwnerParts {
  readonly extraction: Extraction
  readonly resolver: Resolver
}

/** The id of the profile, once the message is resolved; null for a message that names no member, and for nobody's. */
export async function ownerOfMessage(
  { extraction, resolver }: OwnerParts,
  { message, envelope }: Incoming,
): Promise<string | null> {
  const parsed = parseEvent(message, envelope, extraction.digest)
  if (!parsed.ok) return null
  const { fact } = factOf(parsed.event, extraction)
  const keys = fact.identifiers.map(({ key }) => key)
  return resolver.look(keys, (view, policy) => {
    const strongest = strongestIdentifier(fact, policy)
    const profile = strongest === undefined ? undefined : view.node(strongest.key)?.profile
    if (strongest === undefined || profile === undefined || profile === '') return null
    const isShared = view.profiles.get(profile)?.kind === 'shared'
    return strongest.type === 'cookie' && isShared ? null : profile
  })
}
