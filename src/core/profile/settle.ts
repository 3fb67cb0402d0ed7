// Decides again what facts made doubtful, and writes into the view what that changes: the live path's whole judgement.
// Invariant: the view is changed only when everything the decision needs was there; else it says what to load.

import { type Crowd, crowdWorth, makesCandidates } from '../evidence/crowd.ts'
import { pairEvidenceMax } from '../evidence/pair.ts'
import type { Key } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'
import type { Touched } from './view/touched.ts'
import type { Cluster } from './alike/around.ts'
import type { DecidedProfile, Decision, Ids } from './decision.ts'
import { chooseAnchor, thinCrowdsOf } from './view/anchor.ts'
import { comparedOn } from './alike/candidates.ts'
import { type Component, componentsOf } from './component.ts'
import { completeNode, memberNeighbours, newPass, type Pass } from './view/neighbours.ts'
import { assignIds } from './profile-id.ts'
import { mayBeShared } from './shared/shared-contact.ts'
import { type Group, type Refusal, stageA } from './stage-a.ts'
import { stageB } from './alike/stage-b.ts'
import type { CrowdAsk, View, ViewNode } from './view/view.ts'
import { leftBehind, letWait } from './waiting.ts'
import { writeDecision } from './write-decision.ts'

/** What must be loaded before the decision can be made. */
export interface Needs {
  readonly nodes: readonly Key[]
  readonly crowds: readonly CrowdAsk[]
  readonly profiles: readonly string[]
}

/** Whether stage B could join anything at all under the policy; if not, nobody need look at witnesses live. */
export function joinsByWitness(policy: Policy): boolean {
  return policy.knowledge !== null || joinsByRules(policy)
}

/** Whether the fixed rules are what stage B joins by, and could. */
export function joinsByRules(policy: Policy): boolean {
  return policy.knowledge === null && pairEvidenceMax(policy) >= policy.mergeEvidence
}

/**
 * Decides everything `touched` and commits it to the view. Returns null when done, else what to load before calling
 * again with the same `touched`.
 */
export function settle(view: View, policy: Policy, touched: Touched, ids: Ids): Needs | null {
  view.compared.makeRoom()
  const pass = newPass(view, policy)
  const unasked = unaskedIds(view, touched, ids)
  if (unasked.length > 0) return { nodes: [], crowds: [], profiles: unasked }
  const seeds = new Set(touched.members)
  anchorAgain(pass, touched)
  const joins = joinsByWitness(policy)
  const crowds = joins ? addSighted(pass, touched, seeds) : []
  if (crowds.length > 0) return { nodes: [...pass.missing], crowds, profiles: [] }
  addVouchedFor(pass, touched, seeds)
  const { components, large } = componentsOf(pass, seeds)
  if (pass.missing.size > 0) return { nodes: [...pass.missing], crowds: [], profiles: [] }
  const decided = decide(pass, components)
  if ('needs' in decided) return decided.needs
  const left = joins || large.size > 0 ? leftBehind(view, decided.decision.profiles) : []
  const waiting = new Set([
    ...large,
    ...(decided.over ? components.flatMap((c) => c.nodes) : []),
    ...left.flatMap(({ nodes }) => nodes),
  ])
  const profiles = [
    ...decided.decision.profiles,
    ...left,
    ...[...waiting].filter((node) => node.profile === '').map(alone),
  ]
  const unknown = new Set<string>()
  const given = assignIds(pass, profiles, ids.mint, unknown)
  if (unknown.size > 0) return { nodes: [], crowds: [], profiles: [...unknown] }
  writeDecision(pass, { profiles, refusals: decided.decision.refusals }, given, touched.at, ids)
  letWait(view, waiting)
  for (const { crowd, worth } of crowdsTouched(view, policy, touched)) crowd.judged = worth
  for (const id of touched.asked.values())
    if (view.profiles.get(id) === null) view.profiles.delete(id)
  return null
}

/**
 * Cookies with several e-mails are judged by what these have in common, and contacts by the ids they were named with;
 * either may have come or gone.
 */
function addVouchedFor(pass: Pass, touched: Touched, seeds: Set<Key>): void {
  const emails = new Set<Key>()
  for (const key of touched.vouching) {
    const node = completeNode(pass, key)
    if (node?.type === 'email') emails.add(key)
    if (node?.type !== 'external_id') continue
    for (const near of memberNeighbours(node)) {
      emails.add(near)
      const contact = completeNode(pass, near)
      if (contact !== undefined && mayBeShared(pass, contact)) seeds.add(near)
    }
  }
  for (const key of emails) {
    for (const from of completeNode(pass, key)?.inbound ?? []) {
      const cookie = completeNode(pass, from)
      if (cookie?.type === 'cookie' && hasSeveralEmails(pass, cookie)) seeds.add(from)
    }
  }
}

function hasSeveralEmails(pass: Pass, cookie: ViewNode): boolean {
  let count = 0
  for (const key of cookie.out.keys()) if (pass.view.node(key)?.type === 'email') count++
  return count > 1
}

/**
 * The ids that new members would found profiles with, as far as nobody has looked whether they were given out before:
 * to a namesake that has been erased since.
 */
function unaskedIds(view: View, touched: Touched, ids: Ids): string[] {
  const unasked: string[] = []
  for (const key of touched.members) {
    const node = view.node(key)
    if (node === undefined || node.version !== 0 || node.profile !== '') continue
    if (touched.asked.has(key)) continue
    const id = ids.mint(key, 0)
    if (view.profiles.has(id)) continue
    touched.asked.set(key, id)
    unasked.push(id)
  }
  return unasked
}

function anchorAgain(pass: Pass, touched: Touched): void {
  for (const key of touched.unanchored) {
    const cookie = completeNode(pass, key)
    if (cookie === undefined) continue
    const before = cookie.anchor
    chooseAnchor(pass.view, pass.policy, cookie, touched)
    if (cookie.anchor !== before) thinCrowdsOf(cookie, touched)
    touched.unanchored.delete(key)
  }
}

/**
 * Cookies seen with a witness at a new hour, and everyone in a crowd that is not worth any more what it was; if it made
 * candidates until now, those whom its people were compared with too. Returns the crowds that must be loaded to know
 * them.
 */
function addSighted(pass: Pass, touched: Touched, seeds: Set<Key>): CrowdAsk[] {
  for (const key of touched.sighted) seeds.add(key)
  const asks: CrowdAsk[] = []
  const add = (identifier: Key, day: number): void => {
    for (const key of comparedOn(pass, identifier, day, asks)) seeds.add(key)
  }
  for (const { identifier, day, crowd, worth } of crowdsTouched(pass.view, pass.policy, touched)) {
    if (crowd.judged === worth) continue
    for (const key of crowd.entries.keys()) seeds.add(key)
    const made = crowd.judged === null || makesCandidates(crowd.judged)
    if (made && !makesCandidates(worth)) add(identifier, day)
  }
  for (const [identifier, days] of touched.thinned) for (const day of days) add(identifier, day)
  return asks
}

function* crowdsTouched(
  view: View,
  policy: Policy,
  touched: Touched,
): Iterable<{ identifier: Key; day: number; crowd: Crowd; worth: number }> {
  for (const [identifier, days] of touched.crowds) {
    const rule = policy.types.get(view.node(identifier)?.type ?? '')
    if (rule === undefined || rule.role !== 'witness') continue
    for (const day of days) {
      const crowd = view.crowd(identifier, day)
      if (crowd === undefined) continue
      const worth = crowdWorth(crowd, rule, policy.candidateAnchorsMax)
      yield { identifier, day, crowd, worth }
    }
  }
}

/** A new member whose surroundings must wait has a profile of its own until then. */
function alone(node: ViewNode): DecidedProfile {
  return { nodes: [node], groups: [], weakest: null, joins: [] }
}

type Outcome = { readonly needs: Needs } | { readonly over: boolean; readonly decision: Decision }

/** Both stages over closed components. */
function decide(pass: Pass, components: readonly Component[]): Outcome {
  const groups: Group[] = []
  const refusals: Refusal[] = []
  for (const component of components) {
    const answer = stageA(pass, component)
    groups.push(...answer.groups)
    refusals.push(...answer.refusals)
  }
  if (pass.missing.size > 0)
    return { needs: { nodes: [...pass.missing], crowds: [], profiles: [] } }
  if (!joinsByWitness(pass.policy))
    return { over: false, decision: { profiles: groups.map(profileOf), refusals } }
  const answer = stageB(pass, groups)
  if (pass.missing.size > 0 || answer.asks.length > 0) {
    return { needs: { nodes: [...pass.missing], crowds: answer.asks, profiles: [] } }
  }
  const profiles = answer.clusters.map(profileOfCluster)
  return {
    over: answer.over,
    decision: { profiles, refusals: answer.over ? [] : [...refusals, ...answer.questions] },
  }
}

/** The profile that a cluster is: held by its weakest edge or join. */
export function profileOfCluster({ groups, weakest, joins }: Cluster): DecidedProfile {
  const links = [...groups.map((group) => group.weakest), weakest].filter((one) => one !== null)
  return {
    nodes: groups.flatMap(({ nodes }) => nodes),
    groups,
    weakest: links.length === 0 ? null : Math.min(...links),
    joins,
  }
}

function profileOf(group: Group): DecidedProfile {
  return { nodes: group.nodes, groups: [group], weakest: group.weakest, joins: [] }
}
