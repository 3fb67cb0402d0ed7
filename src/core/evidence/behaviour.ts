// Behaviour: how alike two cookies are in what they do. Support for a question, never a reason to join.
// Invariant: whole numbers only; symmetric; what is not known of one of them supports nothing.

/** One event of a cookie, in the order of their times. */
export interface Act {
  /** The page it happened on, as a number; −1 where none was told. */
  readonly page: number
  /** Hour of the UTC day, 0 to 23. */
  readonly hour: number
  /** The first of a session. */
  readonly begins: boolean
}

export interface Behaviour {
  readonly pages: ReadonlySet<number>
  /** Page after page within a session: the first times `PAGES_MAX`, plus the second. A page that is loaded again is no step. */
  readonly steps: ReadonlySet<number>
  readonly events: number
  readonly sessions: number
  /** Events by hour of the UTC day. */
  readonly hours: readonly number[]
}

/** Pages have smaller numbers than this. */
const PAGES_MAX = 2 ** 26

/** What two cookies can be alike in: what it counts in the whole, and how a steward reads it. */
export const TRAITS = {
  /** Per mille of the pages that either has seen, each weighed by how few have seen it, that both have. */
  content: { share: 4, words: 'alike in what they read' },
  /** Per mille of the steps from page to page that either has made that both have. */
  navigation: { share: 3, words: 'alike in the ways they take' },
  /** Events a session, the smaller in per mille of the larger. */
  engagement: { share: 1, words: 'alike in how much they look at' },
  /** Per mille of their events that fall into the same hours of the day. */
  hours: { share: 2, words: 'alike in the hours they come' },
} as const

export type Trait = keyof typeof TRAITS

export const TRAIT_NAMES = [
  'content',
  'navigation',
  'engagement',
  'hours',
] as const satisfies readonly Trait[]

/** Of each trait how alike they are, in per mille. */
export type Likeness = Readonly<Record<Trait, number>>

/** Of a cookie's events, oldest first. */
export function behaviourOf(acts: Iterable<Act>): Behaviour {
  const pages = new Set<number>()
  const steps = new Set<number>()
  const hours = Array.from({ length: 24 }, () => 0)
  let events = 0
  let sessions = 0
  let before = -1
  for (const { page, hour, begins } of acts) {
    events++
    hours[hour] = (hours[hour] ?? 0) + 1
    if (begins || sessions === 0) {
      sessions++
      before = -1
    }
    if (page < 0) continue
    pages.add(page)
    if (before >= 0 && before !== page) steps.add(before * PAGES_MAX + page)
    before = page
  }
  return { pages, steps, events, sessions, hours }
}

/** What a page that `seen` of `all` cookies have seen counts: 1 if all have, 1 more each time that half as many have. */
export function rarity(seen: number, all: number): number {
  return 32 - Math.clz32(Math.floor(all / Math.max(seen, 1)))
}

/** `worth`: what a page counts, by its number. */
export function likenessOf(a: Behaviour, b: Behaviour, worth: (page: number) => number): Likeness {
  return {
    content: inCommon(a.pages, b.pages, worth),
    navigation: inCommon(a.steps, b.steps, () => 1),
    engagement: engagement(a, b),
    hours: sameHours(a, b),
  }
}

/** How alike they are in all, in per mille. */
export function similarityOf(likeness: Likeness): number {
  let sum = 0
  let shares = 0
  for (const name of TRAIT_NAMES) {
    sum += likeness[name] * TRAITS[name].share
    shares += TRAITS[name].share
  }
  return Math.floor(sum / shares)
}

/** The trait that adds most to the whole. */
export function leadingTrait(likeness: Likeness): Trait {
  const added = (name: Trait): number => likeness[name] * TRAITS[name].share
  return TRAIT_NAMES.reduce<Trait>(
    (lead, name) => (added(name) > added(lead) ? name : lead),
    'content',
  )
}

/** What a similarity in per mille adds to a question. `base`: evidence of two that are alike in everything. */
export function behaviourEvidence(similarity: number, base: number): number {
  return Math.floor((base * similarity) / 1000)
}

function inCommon(
  a: ReadonlySet<number>,
  b: ReadonlySet<number>,
  worth: (entry: number) => number,
): number {
  let both = 0
  let either = 0
  for (const entry of a) {
    const counts = worth(entry)
    either += counts
    if (b.has(entry)) both += counts
  }
  for (const entry of b) if (!a.has(entry)) either += worth(entry)
  return perMille(both, either)
}

function engagement(a: Behaviour, b: Behaviour): number {
  const [x, y] = [a.events * b.sessions, b.events * a.sessions]
  return perMille(Math.min(x, y), Math.max(x, y))
}

function sameHours(a: Behaviour, b: Behaviour): number {
  let same = 0
  for (let hour = 0; hour < 24; hour++)
    same += Math.min((a.hours[hour] ?? 0) * b.events, (b.hours[hour] ?? 0) * a.events)
  return perMille(same, a.events * b.events)
}

function perMille(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 1000) / whole)
}
