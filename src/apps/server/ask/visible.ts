// What a token that is limited to sites may see of an answer: what was seen on its sites, as if there were no others.
// Words that may name what was seen elsewhere are left out. Times of an identifier are those over all sites.

import { noAnswer, type Answered } from '../../answers/look-ups.ts'
import type { ProfileAnswer, TimelineAnswer } from '../../answers/answer.ts'

/** Null: no limit. */
export type Sites = readonly string[] | null

export function visibleProfile(
  answered: Answered<ProfileAnswer>,
  sites: Sites,
): Answered<ProfileAnswer> {
  if (sites === null) return answered
  // Whether it was seen elsewhere or never must not be told.
  const unknown = noAnswer(404, 'nothing is known of it on the sites of this token')
  if (!answered.ok) return answered.status === 404 ? unknown : answered
  const { value: profile } = answered
  const seen = (one: { readonly sites: readonly string[] }): boolean => isSeen(one.sites, sites)
  const identifiers = profile.identifiers.filter(seen)
  const asked = identifiers.find(({ identifier }) => identifier === profile.asked)
  if (identifiers.length === 0 || (profile.asked !== null && asked === undefined)) {
    return unknown
  }
  const own = (one: ProfileAnswer['identifiers'][number]) => {
    return { ...one, sites: one.sites.filter((site) => sites.includes(site)) }
  }
  return {
    ok: true,
    value: {
      ...profile,
      identifiers: identifiers.map(own),
      shared_cookies: profile.shared_cookies.filter(seen).map(own),
      sites: profile.sites.filter((site) => sites.includes(site)),
      weakest_link: null,
      shared_because: null,
    },
  }
}

export function visibleTimeline({ events, ...rest }: TimelineAnswer, sites: Sites): TimelineAnswer {
  if (sites === null) return { events, ...rest }
  return { ...rest, events: events.filter(({ site }) => sites.includes(site)) }
}

function isSeen(on: readonly string[], sites: readonly string[]): boolean {
  return on.some((site) => sites.includes(site))
}
