// One simulated world through the real core: messages to facts, facts to profiles, profiles to scores.
// The log drops what came twice, so a repeated message is left out here; everything else is as a server does it.

import { hash } from 'node:crypto'

import { Baselines, Scorer, type Score, Truth } from '../../src/evaluation/index.ts'
import {
  compilePolicy,
  createExtraction,
  type Extraction,
  factOf,
  type Fact,
  parseEvent,
  parseIdentifierText,
  parseSettings,
  type Policy,
} from '../../src/core/index.ts'
import {
  absorbCrowds,
  applyFact,
  type Ids,
  joinsByWitness,
  mintWith,
  nothingTouched,
  settle,
  View,
} from '../../src/core/index.ts'
import {
  type Item,
  simulate,
  type Simulation,
  type WorldOptions,
} from '../../src/simulator/index.ts'

export type Frame = Pick<WorldOptions, 'people' | 'days' | 'seed' | 'hard'> &
  Partial<Pick<WorldOptions, 'trouble'>>

/** What a world is scored with, by name of who made the profiles. */
export type Scores = Readonly<
  Record<'selfsame' | 'yardstick' | 'everyName' | 'names' | 'everything', Score>
>

/** A world that was resolved, with everything the diagnosis looks into. */
export interface Played {
  readonly frame: Frame
  readonly simulation: Simulation
  readonly extraction: Extraction
  readonly policy: Policy
  readonly view: View
  readonly truth: Truth
  readonly baselines: Baselines
  readonly messages: number
  readonly refused: ReadonlyMap<string, number>
}

/** Facts decided at once: what a busy server takes in a quarter of a second. */
const BATCH_FACTS = 5_000
/** The configuration of the simulated sites: at home in the US, else the defaults. */
const SHOP = { phone: { defaultRegion: 'US' } }

const digest = (text: string): string => hash('sha256', text)
export const ids: Ids = {
  mint: mintWith(digest, 'bench'),
  question: (a, b) => `rev_${digest(a + b).slice(0, 20)}`,
}

/** A world before anybody resolves it. */
export type Opened = Pick<Played, 'simulation' | 'extraction' | 'policy'>

/** `settings`: what stands in a configuration file, to try rules. */
export function openWorld(frame: Frame, settings: object): Opened {
  const parsed = parseSettings({ ...SHOP, ...settings })
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join('; '))
  const extraction = createExtraction(parsed.settings, digest)
  const policy = compilePolicy(parsed.settings, digest)
  return { simulation: simulate(frame), extraction, policy }
}

/**
 * Plays and resolves a world; `onMessages` hears from time to time how many there were. `settings`: as in `openWorld`;
 * `knowledge`: what was learned, if it is to be decided by it.
 */
export function playWorld(
  frame: Frame,
  onMessages: (count: number) => void = () => {},
  settings: object = {},
  knowledge: Policy['knowledge'] = null,
): Played {
  const { simulation, extraction, policy: settled } = openWorld(frame, settings)
  const policy = { ...settled, knowledge }
  const baselines = new Baselines()
  const view = new View()
  const refused = new Map<string, number>()
  let messages = 0
  let batch: Fact[] = []
  for (const item of simulation) {
    if (item.repeated) continue
    const fact = factOfItem(item, extraction, refused)
    if (fact === null) continue
    baselines.add(fact)
    batch.push(fact)
    if (++messages % BATCH_FACTS !== 0) continue
    resolve(view, policy, batch)
    batch = []
    onMessages(messages)
  }
  resolve(view, policy, batch)
  const truth = truthOf({ simulation, extraction })
  return { frame, simulation, extraction, policy, view, truth, baselines, messages, refused }
}

/** The fact of a message, as the collector would take it; null when it is rejected. */
export function factOfItem(
  { message, receivedAt, site }: Item,
  extraction: Extraction,
  refused: Map<string, number> = new Map(),
): Fact | null {
  const event = parseEvent(message, { receivedAt, historical: false, site }, digest)
  if (!event.ok) {
    refused.set(event.reason, (refused.get(event.reason) ?? 0) + 1)
    return null
  }
  return factOf(event.event, extraction).fact
}

function resolve(view: View, policy: Policy, facts: readonly Fact[]): void {
  const touched = nothingTouched()
  if (joinsByWitness(policy)) for (const fact of facts) knowCrowds(view, policy, fact)
  for (const fact of facts) applyFact(view, policy, fact, touched)
  for (;;) {
    const needs = settle(view, policy, touched, ids)
    if (needs === null) break
    absorbCrowds(view, policy, needs.crowds, [])
    for (const id of needs.profiles) if (!view.profiles.has(id)) view.profiles.set(id, null)
    if (needs.nodes.length > 0) throw new Error('a view that holds everything misses something')
  }
  // nobody reads the lineage here, and it would grow with every message
  view.changes = []
}

/** There is no store behind the view, so all days are known from the start. */
function knowCrowds(view: View, policy: Policy, fact: Fact): void {
  const day = Math.floor(fact.at / 86_400_000)
  for (const { key, type } of fact.identifiers) {
    if (policy.types.get(type)?.role !== 'witness' || view.crowd(key, day) !== undefined) continue
    absorbCrowds(view, policy, [{ identifier: key, fromDay: day - 64, toDay: day + 64 }], [])
  }
}

/** User ids begin with a letter for their site, and each site has a user base of its own. */
const USER_SITES: Readonly<Record<string, string>> = { u: 'user@shop', o: 'user@outlet' }

/** The key of an identifier of the simulator's truth; one that is taken for junk has a key that no profile holds. */
export function truthKey(identifier: string, extraction: Extraction): string {
  const text = identifier.replace(/^external_id:user:(.)/, (_, letter: string) => {
    return `external_id:${USER_SITES[letter] ?? 'user'}:${letter}`
  })
  const parsed = parseIdentifierText(extraction, text)
  return parsed.ok ? parsed.identifier.key : `refused ${identifier}`
}

export function truthOf({ simulation, extraction }: Omit<Opened, 'policy'>): Truth {
  const truth = new Truth()
  for (const { identifier, person } of simulation.identifierTruth()) {
    truth.add(truthKey(identifier, extraction), person)
  }
  return truth
}

/** Scores of the profiles and of the baselines over the same facts. */
export function scoresOf({ view, truth, baselines }: Played): Scores {
  const score = (assignments: Iterable<readonly [string, string | number]>): Score => {
    const scorer = new Scorer(truth)
    for (const [key, profile] of assignments) scorer.assign(key, profile)
    return scorer.score()
  }
  return {
    selfsame: score(assignmentsOf(view)),
    yardstick: score(baselines.onNames((key) => truth.isShared(key))),
    everyName: score(baselines.onEveryName((key) => truth.isShared(key))),
    names: score(baselines.onNames()),
    everything: score(baselines.onEverything()),
  }
}

export function* assignmentsOf(view: View): Generator<readonly [string, string]> {
  for (const node of view.nodes()) if (node.component !== '') yield [node.key, node.profile]
}

/** A digest of who is with whom, whatever the profiles are called. */
export function partitionHash(view: View): string {
  const lead = new Map<string, string>()
  for (const [key, profile] of assignmentsOf(view)) {
    const first = lead.get(profile)
    if (first === undefined || key < first) lead.set(profile, key)
  }
  const lines = [...assignmentsOf(view)].map(([key, profile]) => `${key} ${lead.get(profile)}\n`)
  return digest(lines.toSorted().join('')).slice(0, 16)
}
