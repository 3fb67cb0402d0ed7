// From a decision to the view's records: whose id, what merged, split or changed, which questions stand.
// Invariant: what did not change is not written, so deciding the same twice leaves no trace.

import type { Key } from '../identifier/identifier.ts'
import { EVIDENCE_MAX } from '../policy/evidence-unit.ts'
import { components as regroup } from './regroup.ts'
import type { Pass } from './view/neighbours.ts'
import { founderOf } from './profile-id.ts'
import { dropQuestion, putQuestion, questionsInDoubt } from './questions.ts'
import { reasonToJoin, reasonToPart } from './reasons.ts'
import type {
  Change,
  ChangeEvent,
  ProfileKind,
  ProfileRecord,
  QuestionRecord,
} from './view/records.ts'
import type { DecidedProfile, Decision, Ids } from './decision.ts'
import { isShared } from './shared/shared.ts'
import type { View, ViewNode } from './view/view.ts'
import { worthOf } from './worth.ts'

interface Written {
  readonly id: string
  readonly decided: DecidedProfile
  /** Profiles its members had before, without the new members' none. */
  readonly before: ReadonlySet<string>
}

export function writeDecision(
  pass: Pass,
  decision: Decision,
  given: readonly string[],
  at: number,
  ids: Ids,
): void {
  const written = decision.profiles.map((decided, i): Written => {
    const before = new Set(decided.nodes.map((node) => node.profile).filter((id) => id !== ''))
    return { id: given[i] ?? '', decided, before }
  })
  const alive = new Set(given)
  const redirects = redirectsOf(written, alive)
  for (const one of written) {
    for (const id of [one.id, ...one.before]) pass.view.weakestLinks.delete(id)
    writeProfile(pass, one, { redirects, alive, at })
  }
  for (const [old, heir] of redirects) writeRedirect(pass.view, old, heir)
  for (const { id, decided } of written) {
    for (const node of decided.nodes) {
      if (node.profile === id) continue
      node.profile = id
      pass.view.unstoredNodes.add(node)
    }
  }
  // Who was not decided, but waits or is alone until then, stays with those it was last decided with.
  const { refusals, profiles } = decision
  regroup(pass.view, { refusals, profiles: profiles.filter(({ groups }) => groups.length > 0) })
  writeQuestions(pass, decision, ids)
}

/** Old ids that nobody carries any more -> the profile that holds most of their members. */
function redirectsOf(written: readonly Written[], alive: ReadonlySet<string>): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { id, decided } of written) {
    for (const { profile } of decided.nodes) {
      if (profile === '' || alive.has(profile)) continue
      const heirs = counts.get(profile) ?? new Map<string, number>()
      counts.set(profile, heirs.set(id, (heirs.get(id) ?? 0) + 1))
    }
  }
  const redirects = new Map<string, string>()
  for (const [old, heirs] of counts) {
    const heir = [...heirs].toSorted(([x, n], [y, m]) => m - n || (x < y ? -1 : 1))[0]
    if (heir !== undefined) redirects.set(old, heir[0])
  }
  return redirects
}

interface Context {
  readonly redirects: ReadonlyMap<string, string>
  readonly alive: ReadonlySet<string>
  readonly at: number
}

function writeProfile(pass: Pass, { id, decided, before }: Written, context: Context): void {
  const { view } = pass
  const old = view.profiles.get(id) ?? null
  const { nodes } = decided
  const founder = founderOf(nodes)
  const weakest = decided.weakest ?? EVIDENCE_MAX
  const kind = kindOf(pass, nodes)
  const sameMembers =
    old?.size === nodes.length && before.size === 1 && nodes.every((n) => n.profile === id)
  if (sameMembers && old.weakest === weakest && old.kind === kind && old.founder === founder.key)
    return
  const revision = (old?.revision ?? 0) + 1
  const record: ProfileRecord = {
    id,
    founder: founder.key,
    foundedAt: founder.at,
    kind,
    state: 'provisional',
    size: nodes.length,
    weakest,
    revision,
    redirect: null,
    version: old?.version ?? 0,
  }
  view.profiles.set(id, record)
  view.unstoredProfiles.add(id)
  view.changes.push({
    profile: id,
    revision,
    at: context.at,
    ...whatHappened(pass, { id, decided, before }, context),
  })
}

function whatHappened(
  pass: Pass,
  { id, decided, before }: Written,
  { redirects, alive }: Context,
): Pick<Change, 'event' | 'from' | 'reason'> {
  const others = [...before].filter((p) => p !== id).toSorted()
  const gaveWay = others.filter((p) => redirects.get(p) === id)
  const event = ((): ChangeEvent => {
    if (before.size === 0) return 'created'
    if (gaveWay.length > 0) return 'merged'
    return before.has(id) ? 'updated' : 'split'
  })()
  if (event === 'created') return { event, from: [], reason: 'first seen' }
  if (event === 'merged') return { event, from: gaveWay, reason: reasonToJoin(pass, decided) }
  if (event === 'split') return { event, from: others, reason: reasonToPart(pass, decided) }
  const lost = alive.size > 1 && others.length === 0 ? reasonToPart(pass, decided) : null
  return { event, from: others, reason: lost ?? reasonToJoin(pass, decided) }
}

function writeRedirect(view: View, old: string, heir: string): void {
  const record = view.profiles.get(old)
  if (record === undefined || record === null) return
  view.profiles.set(old, { ...record, size: 0, redirect: heir, revision: record.revision + 1 })
  view.unstoredProfiles.add(old)
}

function kindOf(pass: Pass, nodes: readonly ViewNode[]): ProfileKind {
  const only = nodes[0]
  // What is shared joins nobody.
  if (nodes.length === 1 && only !== undefined && isShared(pass, only)) return 'shared'
  return nodes.some((node) => node.type !== 'cookie') ? 'person' : 'anonymous'
}

function writeQuestions(pass: Pass, decision: Decision, ids: Ids): void {
  const { view } = pass
  const founders = new Map<Key, Key>()
  const stale = new Set<string>()
  for (const { groups } of decision.profiles) {
    for (const group of groups) {
      const founder = founderOf(group.nodes).key
      for (const node of group.nodes) {
        founders.set(node.key, founder)
        for (const id of questionsInDoubt(pass, node)) stale.add(id)
      }
    }
  }
  for (const question of strongestPerPair(pass, decision, founders, ids)) {
    stale.delete(question.id)
    putQuestion(view, question)
  }
  for (const id of stale) dropQuestion(view, id)
}

function strongestPerPair(
  { policy: { knowledge } }: Pass,
  { profiles, refusals }: Decision,
  founders: ReadonlyMap<Key, Key>,
  ids: Ids,
): QuestionRecord[] {
  if (refusals.length === 0) return []
  const cookies = cookiesWith(profiles)
  const questions = new Map<string, QuestionRecord>()
  for (const { a, b, guard, reason, evidence } of refusals) {
    const [x, y] = [founders.get(a) ?? a, founders.get(b) ?? b].toSorted()
    if (x === undefined || y === undefined || x === y || guard === 'cannot_link') continue
    const id = ids.question(x, y)
    if ((questions.get(id)?.evidence ?? -1) >= evidence) continue
    const scoredBy = guard === 'margin' ? (knowledge?.version ?? null) : null
    const worth = worthOf(evidence, cookies.get(x) ?? 0, cookies.get(y) ?? 0)
    questions.set(id, { id, a: x, b: y, guard, reason, evidence, scoredBy, worth })
  }
  return [...questions.values()]
}

/** By member: how many cookies its profile has. */
function cookiesWith(profiles: Decision['profiles']): ReadonlyMap<Key, number> {
  const found = new Map<Key, number>()
  for (const { nodes } of profiles) {
    const cookies = nodes.filter(({ type }) => type === 'cookie').length
    for (const { key } of nodes) found.set(key, cookies)
  }
  return found
}
