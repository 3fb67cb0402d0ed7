// Identifiers that hold many together as answers.

import { z } from 'zod'

import { identifierText } from '../../core/index.ts'
import type { ListedIdentifier } from '../../flows/list-promiscuous.ts'
import type { PromiscuousPlace } from '../../ports/identity-store.ts'
import { instant } from './instant.ts'

export const promiscuousAnswer = z.object({
  /** The most crowded first. */
  identifiers: z.array(
    z.object({
      identifier: z.string(),
      type: z.string(),
      quarantined: z.boolean(),
      /** Why it joins nobody, in words; null when it is not shared. */
      shared_because: z.string().nullable(),
      promiscuity: z
        .int()
        .describe(
          'the most on one UTC day: people of an ip or device signature, cookies of others',
        ),
      warn_from: z.int().nullable().describe('`promiscuity` from which its type is listed'),
      profile: z.string().nullable().describe('that holds it; null for an ip or device signature'),
      holds: z.int().describe('other identifiers that were named, or seen, with it'),
      first_seen: z.iso.datetime(),
      last_seen: z.iso.datetime(),
      sites: z.array(z.string()),
    }),
  ),
  /** What to ask for as `after` to go on; null when there are none. */
  next: z.string().nullable(),
})
export type PromiscuousAnswer = z.output<typeof promiscuousAnswer>

/** `limit`: how many were asked for. */
export function answerOfPromiscuous(
  listed: readonly ListedIdentifier[],
  limit: number,
): PromiscuousAnswer {
  const last = listed.length < limit ? undefined : listed.at(-1)
  return {
    identifiers: listed.map(({ node, promiscuity, around, sharedBecause, warnFrom }) => ({
      identifier: identifierText(node),
      type: node.type,
      quarantined: node.quarantined,
      shared_because: sharedBecause,
      promiscuity,
      warn_from: warnFrom,
      profile: node.profile === '' ? null : node.profile,
      holds: around,
      first_seen: instant(node.firstSeen),
      last_seen: instant(node.lastSeen),
      sites: [...node.sites],
    })),
    next: last === undefined ? null : promiscuousCursorOf({ ...last, key: last.node.key }),
  }
}

function promiscuousCursorOf({ promiscuity, key }: PromiscuousPlace): string {
  return Buffer.from(`${promiscuity}.${key}`).toString('base64url')
}

/** Null for a text that is no cursor. */
export function promiscuousPlaceOf(cursor: string): PromiscuousPlace | null {
  const [, promiscuity, key = ''] =
    /^(\d{1,15})\.([0-9a-f]{64})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const place = { promiscuity: Number(promiscuity), key }
  return promiscuousCursorOf(place) === cursor ? place : null
}
