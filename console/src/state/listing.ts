// A list of visitors that grows at both ends: newer ones on top, older ones as one scrolls.
// Invariant: a profile stands in it once, where it was last heard of.

import type { VisitorsAnswer } from 'selfsame/client'

export type Visitor = VisitorsAnswer['visitors'][number]

export interface Listing {
  readonly visitors: readonly Visitor[]
  /** Where older ones begin; null: there are none. */
  readonly next: string | null
  /** The last page of older ones had nobody, though there is more to look through. */
  readonly isSparse: boolean
}

/** The first page, asked again: what is known below it stays, unless there is a gap between the two. */
export function withTop(known: Listing | null, top: VisitorsAnswer): Listing {
  const isJoined = known !== null && top.visitors.some((one) => isKnown(known.visitors, one))
  if (!isJoined) return { ...top, isSparse: top.visitors.length === 0 }
  return { ...known, visitors: oncePerProfile([...top.visitors, ...known.visitors]) }
}

/** One page more of older ones. */
export function withOlder(known: Listing, page: VisitorsAnswer): Listing {
  const visitors = oncePerProfile([...known.visitors, ...page.visitors])
  return { visitors, next: page.next, isSparse: page.visitors.length === 0 }
}

/** How many of them were heard of since the others were shown. */
export function countNew(shown: readonly Visitor[], now: readonly Visitor[]): number {
  const untouched = now.findIndex((one) => isKnown(shown, one))
  return untouched === -1 ? now.length : untouched
}

/** Those that were shown stay as they were; older ones that came since stand below. */
export function heldStill(shown: readonly Visitor[], now: readonly Visitor[]): readonly Visitor[] {
  const profiles = new Set(shown.map(({ profile }) => profile))
  const untouched = now.findLastIndex((one) => profiles.has(one.profile) && isKnown(shown, one))
  const below = untouched === -1 ? [] : now.slice(untouched + 1)
  return [...shown, ...below]
}

function isKnown(known: readonly Visitor[], { profile, last }: Visitor): boolean {
  return known.some((one) => one.profile === profile && one.last.at === last.at)
}

function oncePerProfile(visitors: readonly Visitor[]): readonly Visitor[] {
  const met = new Set<string>()
  return visitors.filter(({ profile }) => {
    if (met.has(profile)) return false
    met.add(profile)
    return true
  })
}
