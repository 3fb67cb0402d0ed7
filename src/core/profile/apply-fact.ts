// A fact into the view: identifiers, edges, sightings, and which members must be decided again because of it.
// Invariant: applying a fact in any order, or twice, leaves the same sets of days and the same first and last times.

import { mergeClues, NO_CLUES } from '../edge/clue.ts'
import type { Fact } from '../edge/fact.ts'
import { dayOf, hourBit } from '../evidence/day-hours.ts'
import type { Identifier } from '../identifier/identifier.ts'
import type { StoredEdgeKind } from '../policy/edge-kind.ts'
import type { Policy } from '../policy/policy.ts'
import { chooseAnchor } from './view/anchor.ts'
import { type Touched, touchCrowd } from './view/touched.ts'
import {
  isMemberKind,
  NO_DAYS,
  NO_INBOUND,
  NO_OUT,
  type View,
  type ViewEdge,
  type ViewNode,
} from './view/view.ts'

interface Applying {
  readonly view: View
  readonly policy: Policy
  readonly fact: Fact
  readonly touched: Touched
}

/** Everything the fact names must have been asked for before: an identifier that is not in the view is a new one. */
export function applyFact(view: View, policy: Policy, fact: Fact, touched: Touched): void {
  view.compared.pairs.clear()
  const applying: Applying = { view, policy, fact, touched }
  const nodes = fact.identifiers.map((identifier) => seeIdentifier(applying, identifier))
  seeClues(applying, nodes[0])
  for (const { from, to, kind } of fact.edges) {
    const [a, b] = [nodes[from], nodes[to]]
    if (a !== undefined && b !== undefined && a !== b) seeEdge(applying, a, b, kind)
  }
  if (fact.at > touched.at) touched.at = fact.at
}

function seeIdentifier(
  { view, policy, fact, touched }: Applying,
  identifier: Identifier,
): ViewNode {
  let node = view.node(identifier.key)
  if (node === undefined) {
    const member = policy.types.get(identifier.type)?.role === 'member'
    node = newNode(fact, identifier, member)
    view.add(node)
    if (member) {
      touched.members.add(node.key)
      view.components.set(node.key, new Set([node.key]))
    }
  } else {
    if (fact.at < node.firstSeen) node.firstSeen = fact.at
    if (fact.at > node.lastSeen) node.lastSeen = fact.at
    if (fact.receivedAt < node.receivedAt) {
      node.receivedAt = fact.receivedAt
      if (node.component !== '') touched.members.add(node.key)
    }
    if (!node.sites.includes(fact.site)) {
      node.sites = [...node.sites, fact.site].toSorted()
      if (node.component !== '') touched.members.add(node.key)
    }
  }
  view.unstoredNodes.add(node)
  return node
}

/** More of them can make a pair with this cookie worth something else. */
function seeClues({ view, fact, touched }: Applying, cookie: ViewNode | undefined): void {
  if (fact.clues.length === 0 || cookie?.type !== 'cookie') return
  const clues = mergeClues(cookie.clues, fact.clues)
  if (clues === cookie.clues) return
  cookie.clues = clues
  view.compared.forget(cookie.key)
  view.unstoredNodes.add(cookie)
  touched.sighted.add(cookie.key)
}

function newNode(fact: Fact, identifier: Identifier, member: boolean): ViewNode {
  return {
    key: identifier.key,
    type: identifier.type,
    namespace: identifier.namespace,
    value: identifier.value,
    firstSeen: fact.at,
    lastSeen: fact.at,
    receivedAt: fact.receivedAt,
    sites: [fact.site],
    profile: '',
    component: member ? identifier.key : '',
    anchor: identifier.key,
    quarantined: false,
    clues: NO_CLUES,
    version: 0,
    complete: true,
    over: false,
    out: NO_OUT,
    inbound: NO_INBOUND,
  }
}

function seeEdge(applying: Applying, from: ViewNode, to: ViewNode, kind: StoredEdgeKind): void {
  const { view, policy, fact, touched } = applying
  let edge = view.edge(from, to.key, kind)
  const known = edge !== undefined
  if (edge === undefined) {
    edge = newEdge(fact, from, to, kind)
    view.addEdge(from, edge)
  }
  const decides = known ? widen(edge, fact) : true
  if (decides && isMemberKind(kind)) {
    touchEnds(view, from, to, touched)
    chooseAnchor(view, policy, from, touched)
  }
  view.unstoredEdges.add(edge)
  seeHour(applying, from, to, edge)
}

function newEdge(fact: Fact, from: ViewNode, to: ViewNode, kind: StoredEdgeKind): ViewEdge {
  return {
    from: from.key,
    to: to.key,
    kind,
    firstSeen: fact.at,
    lastSeen: fact.at,
    count: 1,
    sites: [fact.site],
    firstEvent: fact.id,
    lastEvent: fact.id,
    days: new Map(),
    unstoredDays: NO_DAYS,
  }
}

/** Counts a repeated edge; true when that can change a decision: it began earlier, or reached a new site. */
function widen(edge: ViewEdge, fact: Fact): boolean {
  let decides = false
  // A message that is twice in a log that many write comes again soon, if at all.
  if (fact.id !== edge.firstEvent && fact.id !== edge.lastEvent) edge.count++
  if (fact.at < edge.firstSeen || (fact.at === edge.firstSeen && fact.id < edge.firstEvent)) {
    decides = fact.at < edge.firstSeen
    edge.firstSeen = fact.at
    edge.firstEvent = fact.id
  }
  if (fact.at > edge.lastSeen || (fact.at === edge.lastSeen && fact.id > edge.lastEvent)) {
    edge.lastSeen = fact.at
    edge.lastEvent = fact.id
  }
  if (!edge.sites.includes(fact.site)) {
    edge.sites = [...edge.sites, fact.site].toSorted()
    decides = true
  }
  return decides
}

/** A new edge may also change how the cookies around a named identifier are judged (an external id in common). */
function touchEnds(view: View, from: ViewNode, to: ViewNode, touched: Touched): void {
  touched.members.add(from.key)
  touched.members.add(to.key)
  if (from.type === 'cookie') return
  for (const end of [from, to]) {
    for (const key of end.inbound) if (view.node(key)?.type === 'cookie') touched.members.add(key)
  }
}

function seeHour(
  { view, policy, fact, touched }: Applying,
  from: ViewNode,
  to: ViewNode,
  edge: ViewEdge,
): void {
  const day = dayOf(fact.at)
  const known = edge.days.get(day)
  const hours = (known ?? 0) | hourBit(fact.at)
  const member = isMemberKind(edge.kind)
  if (member && secondLogin(view, from, edge, fact.at)) touchEnds(view, from, to, touched)
  if (hours === known) return
  edge.days.set(day, hours)
  edge.unstoredDays = edge.unstoredDays.length === 0 ? [day] : [...edge.unstoredDays, day]
  view.seeInCrowd(from, to.key, day, hours)
  if (!member) {
    view.compared.forget(from.key)
    touched.sighted.add(from.key)
    touchCrowd(touched, to.key, day)
  } else if (known === undefined && dayDecides(policy, from, to)) {
    touchEnds(view, from, to, touched)
    touched.vouching.add(from.key).add(to.key)
  }
}

/** A later login decides something only where a cookie has more than one e-mail: the logins may alternate now. */
function secondLogin(view: View, from: ViewNode, edge: ViewEdge, at: number): boolean {
  if (from.type !== 'cookie' || at !== edge.lastSeen || from.out.size < 2) return false
  if (view.node(edge.to)?.type !== 'email') return false
  for (const key of from.out.keys())
    if (key !== edge.to && view.node(key)?.type === 'email') return true
  return false
}

/** A new day can make a crowd or end one, and can bridge the years in which a phone changed hands. */
function dayDecides(policy: Policy, from: ViewNode, to: ViewNode): boolean {
  return [from, to].some((node) => {
    const rule = policy.types.get(node.type)
    if (rule === undefined) return false
    return (
      rule.reassignedAfterDays > 0 ||
      (rule.crowdVoid > 0 && node.inbound.size > rule.crowdVoid) ||
      node.over
    )
  })
}
