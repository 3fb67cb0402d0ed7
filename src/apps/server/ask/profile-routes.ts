// Questions about one profile or two identifiers.

import { z } from 'zod'

import {
  graphAnswer,
  historyAnswer,
  membershipAnswer,
  profileAnswer,
  timelineAnswer,
} from '../../answers/answer.ts'
import { explanationAnswer } from '../../answers/explanation-answer.ts'
import type { Answered } from '../../answers/look-ups.ts'
import type { ProfileAnswer } from '../../answers/answer.ts'
import { NO_BODY, type Answer, type Asked, type Route, route } from './route.ts'
import { visibleProfile, visibleTimeline } from './visible.ts'

/** Longer than any identifier that is kept. */
const ASKED_CHARACTERS_MAX = 1_024
const LIMIT_MAX = 1_000

const asked = (meaning: string) => z.string().min(1).max(ASKED_CHARACTERS_MAX).describe(meaning)
export const limited = (meaning: string, usual = 100, max = LIMIT_MAX) =>
  z.coerce.number().int().min(1).max(max).default(usual).describe(meaning)

const golden = z
  .stringbool()
  .default(false)
  .describe('true: with its golden record, for which its messages are read; or false')

const profileId = z.object({ id: asked('profile id, also one that gave way to another') })

export const profileRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/profiles',
    operation: 'findProfile',
    summary: 'The profile of an identifier',
    role: 'reader',
    forSites: true,
    params: z.object({
      identifier: asked('TYPE:VALUE, such as email:ana@example.com or cookie:c-1'),
      golden,
    }),
    body: NO_BODY,
    answer: profileAnswer,
    // In a query a plus that was not encoded is a space.
    ask: async ({ params, ...asking }) =>
      profileFor(asking, params.identifier.replace(/^phone: /, 'phone:+'), params.golden),
  }),
  route({
    method: 'get',
    path: '/v1/profiles/{id}',
    operation: 'getProfile',
    summary: 'A profile by its id; an id that gave way answers with its successor',
    role: 'reader',
    forSites: true,
    params: profileId.extend({ golden }),
    body: NO_BODY,
    answer: profileAnswer,
    ask: async ({ params, ...asking }) => profileFor(asking, params.id, params.golden),
  }),
  route({
    method: 'get',
    path: '/v1/profiles/{id}/timeline',
    operation: 'getTimeline',
    summary: 'What the person did, over all devices; the latest page first',
    role: 'reader',
    forSites: true,
    params: profileId.extend({
      limit: limited('messages looked at for one page'),
      before: z.string().max(100).optional().describe('`next` of the page after it'),
    }),
    body: NO_BODY,
    answer: timelineAnswer,
    ask: async ({ params: { id, limit, before }, ...asking }) => {
      const { sites } = asking.caller
      const visible = sites === null ? null : await profileFor(asking, id)
      if (visible?.ok === false) return visible
      const found = await asking.served.lookUps.timeline(id, limit, before)
      return mapped(found, (timeline) => visibleTimeline(timeline, sites))
    },
  }),
  route({
    method: 'get',
    path: '/v1/profiles/{id}/history',
    operation: 'getHistory',
    summary: 'Merges, splits and decisions of a profile',
    role: 'reader',
    forSites: false,
    params: profileId.extend({ limit: limited('changes at most, the latest') }),
    body: NO_BODY,
    answer: historyAnswer,
    ask: async ({ params: { id, limit }, served: { lookUps } }) => lookUps.history(id, limit),
  }),
  route({
    method: 'get',
    path: '/v1/profiles/{id}/graph',
    operation: 'getGraph',
    summary: 'Its identifiers, what is one edge away, and what each edge is worth',
    role: 'reader',
    forSites: false,
    params: profileId.extend({ limit: limited('nodes at most, members first', 500) }),
    body: NO_BODY,
    answer: graphAnswer,
    ask: async ({ params: { id, limit }, served: { lookUps } }) => lookUps.graph(id, limit),
  }),
  route({
    method: 'get',
    path: '/v1/explain',
    operation: 'explain',
    summary: 'Why two identifiers are one person or not; with `a` alone: why it is in its profile',
    role: 'reader',
    forSites: false,
    params: z.object({
      a: asked('TYPE:VALUE or a profile id'),
      b: asked(
        'the other one; the id of the profile that holds `a`: why it is in there',
      ).optional(),
    }),
    body: NO_BODY,
    answer: z.union([explanationAnswer, membershipAnswer]),
    ask: async ({ params: { a, b }, served: { lookUps } }) =>
      b === undefined ? lookUps.explainMembership(a) : lookUps.explain(a, b),
  }),
]

/** The profile as far as the caller may see it. */
async function profileFor(
  { served, caller }: Pick<Asked<never, never>, 'served' | 'caller'>,
  what: string,
  withGolden = false,
): Promise<Answer<ProfileAnswer>> {
  const { sites } = caller
  const visible = visibleProfile(await served.lookUps.profile(what), sites)
  // Of whom the caller may not see no message is read: the time that takes would tell of them.
  if (!withGolden || !visible.ok) return visible
  return visibleProfile(await served.lookUps.profile(what, { sites }), sites)
}

function mapped<T, U>(answered: Answered<T>, map: (value: T) => U): Answered<U> {
  return answered.ok ? { ok: true, value: map(answered.value) } : answered
}
