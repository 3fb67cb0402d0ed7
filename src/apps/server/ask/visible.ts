// What a token that is limited to sites may see of an answer: what was seen on its sites, as if there were no others.
// Words, times and a confidence that would tell of what was seen elsewhere are left out.

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
  const onlyHere = (one: { readonly sites: readonly string[] }): boolean =>
    one.sites.every((site) => sites.includes(site))
  const own = <T extends { readonly sites: readonly string[] }>(one: T): T => {
    const here = { ...one, sites: one.sites.filter((site) => sites.includes(site)) }
    return onlyHere(one) ? here : { ...here, first_seen: null, last_seen: null }
  }
  return {
    ok: true,
    value: {
      ...own(profile),
      confidence: onlyHere(profile) ? profile.confidence : null,
      identifiers: identifiers.map(own),
      shared_cookies: profile.shared_cookies.filter(seen).map(own),
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
