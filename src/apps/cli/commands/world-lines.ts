// A simulated world as this program reads it: a message a line with its site and receipt, as a collector archives it.

import type { Item, Simulation } from '../../../simulator/index.ts'
import { SITE_LIST } from '../../../simulator/vocabulary.ts'

/** Settings that suit the world: its shop is at home in the United States, so numbers without a country are American. */
export const WORLD_SETTINGS = { phone: { defaultRegion: 'US' } } as const

export function lineOfItem({ message, site, receivedAt }: Item): string {
  return `${JSON.stringify({ ...message, site, receivedAt: new Date(receivedAt).toISOString() })}\n`
}

/** Whose each identifier is, as CSV. */
export function* identifierLines(world: Simulation): Generator<string> {
  yield 'identifier,person\n'
  for (const { identifier, person } of world.identifierTruth())
    yield `${inNamespace(identifier)},${person}\n`
}

const USER = 'external_id:user:'

/** User ids are those of their site, which the prefix of the id tells. */
function inNamespace(identifier: string): string {
  if (!identifier.startsWith(USER)) return identifier
  const userId = identifier.slice(USER.length)
  const own = SITE_LIST.find(
    ({ userPrefix }) => userPrefix !== null && userId.startsWith(userPrefix),
  )
  return own === undefined ? identifier : `external_id:user@${own.name}:${userId}`
}
