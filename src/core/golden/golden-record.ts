// The golden record: of everything that was said of a person's attributes, the value that survives, with its source.
// Invariant: depends on what was said, never on the order it came in; the batch's SQL (src/batch/stages/golden.ts) chooses
// the same.

import type { GoldenRule } from '../policy/settings-golden.ts'
import type { Attribute } from './attributes.ts'
import { charactersOf, type Said } from './said.ts'

/** The chosen value of an attribute, where it came from, and what it was chosen over. */
export interface GoldenValue {
  readonly attribute: string
  readonly value: string
  readonly eventId: string
  readonly site: string
  /** Event time of the source, ms since the epoch. */
  readonly at: number
  readonly rule: GoldenRule
  /** Whether the source was an act that shows that its sender has what it names. */
  readonly verified: boolean
  /** How many different values were said. */
  readonly different: number
  /** The next best values, in the order of the rule, `othersMax` at most; those of a `union` belong to it. */
  readonly others: readonly string[]
}

/** Something said with its standing: higher weight wins, then higher turn, then the smaller event id, then value. */
interface Ranked {
  readonly said: Said
  readonly weight: number
  readonly turn: number
}

/**
 * The golden record of one person, in the order of `attributes`.
 * @param said of one person; each event once.
 */
export function goldenRecord(
  attributes: readonly Attribute[],
  said: Iterable<Said>,
): readonly GoldenValue[] {
  const byAttribute = grouped(said, ({ attribute }) => attribute)
  return attributes.flatMap((attribute) => {
    const all = byAttribute.get(attribute.name)
    return all === undefined ? [] : chosen(attribute, all)
  })
}

function grouped(
  said: Iterable<Said>,
  by: (one: Said) => string,
): ReadonlyMap<string, readonly Said[]> {
  const groups = new Map<string, Said[]>()
  for (const one of said) {
    const group = groups.get(by(one))
    if (group === undefined) groups.set(by(one), [one])
    else group.push(one)
  }
  return groups
}

function chosen({ name, rule, sources, othersMax }: Attribute, all: readonly Said[]) {
  const values = grouped(all, ({ value }) => value)
  const ranked = Array.from(values.values(), (same) =>
    best(same.map((said) => rank(said, rule, sources, same.length))),
  ).toSorted(compareRanked)
  const [first, ...rest] = ranked
  if (first === undefined) return []
  const { value, eventId, site, at, verified } = first.said
  const others = rest.slice(0, othersMax).map(({ said }) => said.value)
  const different = ranked.length
  return [{ attribute: name, value, eventId, site, at, rule, verified, different, others }]
}

function rank(said: Said, rule: GoldenRule, sources: readonly string[], times: number): Ranked {
  const turn = rule === 'first' ? -said.at : said.at
  return { said, weight: weightOf(said, rule, sources, times), turn }
}

function weightOf(
  { value, site, verified }: Said,
  rule: GoldenRule,
  sources: readonly string[],
  times: number,
): number {
  if (rule === 'most_frequent') return times
  if (rule === 'longest') return charactersOf(value)
  if (rule === 'verified_first') return verified ? 1 : 0
  if (rule !== 'source_priority') return 0
  return sources.includes(site) ? -sources.indexOf(site) : -sources.length
}

function best(ranked: readonly Ranked[]): Ranked {
  return ranked.reduce((a, b) => (compareRanked(b, a) < 0 ? b : a))
}

function compareRanked(a: Ranked, b: Ranked): number {
  return (
    b.weight - a.weight ||
    b.turn - a.turn ||
    compareTexts(a.said.eventId, b.said.eventId) ||
    compareTexts(a.said.value, b.said.value)
  )
}

/** By characters, as engines compare UTF-8; `<` goes by UTF-16 and differs past U+FFFF. */
function compareTexts(a: string, b: string): number {
  for (let i = 0; ;) {
    const x = a.codePointAt(i) ?? -1
    const y = b.codePointAt(i) ?? -1
    if (x !== y) return x - y
    if (x === -1) return 0
    i += x > 0xff_ff ? 2 : 1
  }
}
