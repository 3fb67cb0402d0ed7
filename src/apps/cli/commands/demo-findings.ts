// What the demo shows: numbers of the whole, one person over several devices, one explanation, and what to type next.

import { identifierText } from '../../../core/index.ts'
import { EVENT_KINDS } from '../../../core/policy/defaults.ts'
import type { NodeRecord } from '../../../core/index.ts'
import type { Score } from '../../../evaluation/index.ts'
import type { Account } from '../../account/account.ts'
import type { TimelineAnswer } from '../../answers/answer.ts'
import type { LookUps } from '../../answers/look-ups.ts'
import { count, counted, duration, share } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { wrapped } from '../terminal/wrap.ts'
import { valueOf } from '../unanswered.ts'
import { explanationLines } from '../words/explanation-words.ts'
import { profileLines, timelineLines } from '../words/profile-words.ts'

/** The batch run: profiles it confirmed and merged, identifiers it put into another one. */
interface FoundByBatch {
  readonly confirmed: number
  readonly merges: number
  readonly moves: number
  readonly seconds: number
  /** Whether it learned from those who log in, and joined others by that. */
  readonly learned: boolean
}

export interface Findings {
  readonly accepted: number
  readonly duplicates: number
  readonly seconds: number
  readonly batch: FoundByBatch
  readonly score: Score
  readonly cookies: number
  readonly profiles: number
  readonly merges: number
  /** Somebody seen on several devices: two cookies of one profile; null in a world without one. */
  readonly person: { readonly from: string; readonly to: string } | null
}

const PAGE = 1_000
/** Events looked at for the story, and told of it. */
const TIMELINE_EVENTS = 500
const TOLD_EVENTS = 14
/** A person whose profile still fits on a screen. */
const COOKIES_SHOWN_MAX = 6

export async function demoFindings(
  { store }: Account,
  load: Pick<Findings, 'accepted' | 'duplicates' | 'seconds' | 'batch' | 'score'>,
): Promise<Findings> {
  const people = new Map<string, NodeRecord[]>()
  let cookies = 0
  for (let after = ''; ;) {
    const page = await store.scanNodes(after, PAGE)
    for (const node of page) {
      if (node.type === 'cookie') cookies++
      if (node.profile !== '') people.set(node.profile, [...(people.get(node.profile) ?? []), node])
    }
    const last = page.at(-1)
    if (last === undefined) break
    after = last.key
  }
  const { profiles } = await store.counts()
  return { ...load, cookies, profiles, merges: await countMerges(store), person: showcase(people) }
}

async function countMerges(store: Account['store']): Promise<number> {
  let merges = 0
  for (let after = 0; ;) {
    const page = await store.changes(after, PAGE)
    merges += page.filter(({ event }) => event === 'merged').length
    const last = page.at(-1)
    if (last === undefined) return merges
    after = last.sequence
  }
}

/** The profile with the most cookies on several sites that still fits on a screen; ties by key, so every run shows the same. */
function showcase(people: ReadonlyMap<string, readonly NodeRecord[]>): Findings['person'] {
  let best: { readonly cookies: readonly NodeRecord[]; readonly worth: number } | null = null
  for (const members of people.values()) {
    const cookies = members.filter(({ type }) => type === 'cookie')
    if (cookies.length < 2 || cookies.length > COOKIES_SHOWN_MAX) continue
    const sites = new Set(cookies.flatMap((cookie) => cookie.sites)).size
    const types = new Set(members.map(({ type }) => type)).size
    const worth = cookies.length + 2 * sites + types
    if (best === null || worth > best.worth) best = { cookies, worth }
  }
  if (best === null) return null
  const [from, to] = farthest(best.cookies)
  return from === undefined || to === undefined
    ? null
    : { from: identifierText(from), to: identifierText(to) }
}

/** The first seen and the last seen. */
function farthest(cookies: readonly NodeRecord[]): readonly (NodeRecord | undefined)[] {
  const sorted = cookies.toSorted((a, b) => a.firstSeen - b.firstSeen || (a.key < b.key ? -1 : 1))
  return [sorted[0], sorted.at(-1)]
}

export function findingsLines(terminal: Terminal, findings: Findings): string[] {
  const { accepted, duplicates, seconds, batch, score, cookies, profiles, merges } = findings
  const rows = [
    [
      'messages',
      count(accepted),
      `and ${count(duplicates)} sent twice; in ${duration(seconds * 1_000)}`,
    ],
    ['cookies', count(cookies), 'what a shop without identity resolution counts as visitors'],
    ['people', count(score.people), 'who they really are'],
    ['profiles', count(profiles), 'what was found; most visitors never say who they are'],
    ['merges', count(merges), 'two profiles found to be one person'],
    ['confirmed', count(batch.confirmed), confirmedWords(batch)],
    ['precision', share(score.pair_precision), 'of the pairs joined, so many are one person'],
    ['recall', share(score.pair_recall), 'of the pairs that are one person, so many were joined'],
  ]
  const columns = [{ head: 'FOUND' }, { head: '', align: 'right' as const }, { head: '' }]
  return [
    '',
    ...tableLines(columns, rows, terminal.width),
    '',
    ...wrapped(whyNotAll(batch), terminal.width, ''),
  ]
}

function confirmedWords({ merges, moves, seconds, learned }: FoundByBatch): string {
  const righted =
    moves === 0
      ? 'saw everything and had nothing to put right'
      : `saw everything and put ${counted(moves, 'identifier')} right`
  const did = learned ? `made ${counted(merges, 'merge')} by what it learned` : righted
  return `by a batch run, which ${did}; in ${duration(seconds * 1_000)}`
}

function whyNotAll({ learned }: FoundByBatch): string {
  return learned
    ? "Why not all were joined: most visitors never log in. The batch run learned from those who do what one person's browsers look like, and joined others by that where it was sure enough. A missed join is better than a wrong one."
    : 'Why not all were joined: most visitors never log in, and here too few do to learn from them what the browsers of one person look like. A missed join is better than a wrong one.'
}

/** One person, what they did, and why two of their cookies are one. */
export async function storyLines(
  terminal: Terminal,
  lookUps: LookUps,
  { person }: Findings,
): Promise<string[]> {
  if (person === null) return []
  const { from, to } = person
  const profile = valueOf(await lookUps.profile(from))
  const timeline = valueOf(await lookUps.timeline(profile.id, TIMELINE_EVENTS))
  const explanation = valueOf(await lookUps.explain(from, to))
  return [
    '',
    terminal.paint('bold', 'One of them, on several devices:'),
    ...profileLines(terminal, profile, from),
    '',
    terminal.paint('bold', 'What they did, from one device to the next:'),
    ...timelineLines(terminal, { ...timeline, events: turningPoints(timeline.events) }),
    '',
    ...explanationLines(terminal, explanation, { a: from, b: to }),
  ]
}

/** The first event of each device, and those that say who they are; the latest of these. */
function turningPoints(events: TimelineAnswer['events']): TimelineAnswer['events'] {
  const seen = new Set<string>()
  const turns = events.filter(({ type, name, identifiers }) => {
    const saysWho = type === 'identify' || type === 'alias' || Object.hasOwn(EVENT_KINDS, name)
    const cookie = identifiers.find((identifier) => identifier.startsWith('cookie')) ?? ''
    const isNew = !seen.has(cookie)
    seen.add(cookie)
    return saysWho || isNew
  })
  return turns.slice(-TOLD_EVENTS)
}

/** Of the tables that the batch run has published. */
const QUERY =
  'SELECT channel, count(DISTINCT cookie), count(DISTINCT profile_id) FROM sessions GROUP BY 1'
/** Whom the model has joined, to be explained. */
const JOINED = 'SELECT from_value, to_value, probability FROM joins LIMIT 5'

/** `calledAs`: what the person types before the name of a command. */
export function nextLines(
  terminal: Terminal,
  calledAs: string,
  directory: string,
  { person, batch }: Findings,
): string[] {
  const data = ` --data ${directory}`
  const asked = person?.from ?? 'email:ana@example.com'
  return [
    '',
    terminal.paint('bold', 'Look around:'),
    `  ${calledAs} profile ${asked} --timeline 50${data}`,
    ...(person === null ? [] : [`  ${calledAs} explain ${person.from} ${person.to}${data}`]),
    `  ${calledAs} sql "${QUERY}"${data}`,
    ...(batch.learned ? [`  ${calledAs} sql "${JOINED}"${data}`] : []),
    `  ${calledAs} verify${data}`,
    `  ${calledAs} serve${data}`,
  ]
}
