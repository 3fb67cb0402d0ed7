// Whose a message is now: the profile of the strongest identifier it names.
// Invariant: on a shared cookie a message without a name of its own is nobody's; the timeline knows more than one message.

import type { Fact } from '../core/edge/fact.ts'
import { strongestIdentifier } from '../core/profile/ownership.ts'
import type { Resolver } from './resolver.ts'

/** The id of the profile, once the message is resolved; null for a message that names no member, and for nobody's. */
export async function ownerOfMessage(resolver: Resolver, fact: Fact): Promise<string | null> {
  const keys = fact.identifiers.map(({ key }) => key)
  return resolver.look(keys, (view, policy) => {
    const strongest = strongestIdentifier(fact, policy)
    const profile = strongest === undefined ? undefined : view.node(strongest.key)?.profile
    if (strongest === undefined || profile === undefined || profile === '') return null
    const isShared = view.profiles.get(profile)?.kind === 'shared'
    return strongest.type === 'cookie' && isShared ? null : profile
  })
}
