// What a token that is limited to sites may see of an answer: what was seen on its sites, as if there were no others.
// Words that may name what was seen elsewhere are left out. Times of an identifier are those over all sites.

import { noAnswer, type Answered } from '../../answers/look-ups.ts'
import type { HistoryAnswer, ProfileAnswer, TimelineAnswer } from '../../answers/answer.ts'

/** Null: no limit. */
export type Sites = readonly string[] | null

const NOT_SHOWN = 'not shown to a token that is limited to sites'

export function visibleProfile(
  answered: Answered<ProfileAnswer>,
  sites: Sites,
): Answered<ProfileAnswer> {
  if (!answered.ok || sites === null) return answered
  const { value: profile } = answered
  const seen = (one: { readonly sites: readonly string[] }): boolean => isSeen(one.sites, sites)
  const identifiers = profile.identifiers.filter(seen)
  const asked = identifiers.find(({ identifier }) => identifier === profile.asked)
  if (identifiers.length === 0 || (profile.asked !== null && asked === undefined)) {
    return noAnswer(404, 'nothing is known of it on the sites of this token')
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

export function visibleHistory({ changes, profile }: HistoryAnswer, sites: Sites): HistoryAnswer {
  if (sites === null) return { changes, profile }
  return { profile, changes: changes.map((change) => ({ ...change, reason: NOT_SHOWN })) }
}

function isSeen(on: readonly string[], sites: readonly string[]): boolean {
  return on.some((site) => sites.includes(site))
}
