// Candidate pairs of stage B: cookies that shared a witness on a day when few people did, and what that is worth.
// Invariant: symmetric; what a sees of b is what b sees of a.

import { aged } from '../../evidence/ageing.ts'
import {
  anchorsOf,
  type Crowd,
  crowdWorth,
  damping,
  makesCandidates,
} from '../../evidence/crowd.ts'
import { dayOf, gapHours } from '../../evidence/day-hours.ts'
import { mergeSignals, noSignals, type PairSignals, type SignalName } from '../../evidence/pair.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { IdentifierTypeRule, Policy, SignalRule } from '../../policy/policy.ts'
import { learnedPairs } from './learned-pairs.ts'
import type { Pass } from '../view/neighbours.ts'
import { isShared } from '../shared/shared.ts'
import { type CrowdAsk, isMemberKind, type ViewEdge, type ViewNode } from '../view/view.ts'

/** All days around the life of an identifier on which somebody seen with it could matter. */
export function crowdsAround(
  policy: Policy,
  { key, firstSeen, lastSeen }: Pick<ViewNode, 'key' | 'firstSeen' | 'lastSeen'>,
): CrowdAsk {
  const window = windowDays(policy)
  return { identifier: key, fromDay: dayOf(firstSeen) - window, toDay: dayOf(lastSeen) + window }
}

/** The most days between two sightings that are compared. */
function windowDays({ knowledge, addressDays, signals: { ip, signature } }: Policy): number {
  return knowledge === null ? Math.max(ip.windowDays, signature.windowDays) : addressDays
}

/** Whether it matters who was seen with a witness of the type on the same days. */
export function bringsUpPairs({ types, knowledge }: Policy, type: string): boolean {
  return types.get(type)?.role === 'witness' && (knowledge === null || type === 'ip')
}

/**
 * Who was seen with a witness on a day, and whom these may have been compared with while the day still made candidates.
 * What is missing is noted, crowds in `asks`.
 */
export function comparedOn(
  { view, policy, missing }: Pass,
  identifier: Key,
  day: number,
  asks: CrowdAsk[],
): Key[] {
  const witness = view.node(identifier)
  if (witness === undefined && !view.absent.has(identifier)) missing.add(identifier)
  const name = signalName(witness?.type)
  const rule = policy.types.get(witness?.type ?? '')
  if (name === null || rule === undefined) return []
  const window = policy.knowledge === null ? policy.signals[name].windowDays : windowDays(policy)
  const ask = { identifier, fromDay: day - window, toDay: day + window }
  const keys: Key[] = []
  for (let other = ask.fromDay; other <= ask.toDay; other++) {
    const crowd = view.crowd(identifier, other)
    if (crowd === undefined) {
      asks.push(ask)
      return []
    }
    if (other === day || makesCandidates(crowdWorth(crowd, rule, policy.candidateAnchorsMax)))
      keys.push(...crowd.entries.keys())
  }
  return keys
}

/** Everything the cookie's shared witnesses say, by the other cookie. Missing crowds are added to `asks`. */
export function signalsOf(
  pass: Pass,
  cookie: ViewNode,
  asks: CrowdAsk[],
): ReadonlyMap<Key, PairSignals> {
  return isOut(pass, cookie) ? new Map<Key, PairSignals>() : signalsIfIn(pass, cookie, asks)
}

/** A cookie that is compared with nobody. */
export function isOut(pass: Pass, cookie: ViewNode): boolean {
  return cookie.quarantined || isShared(pass, cookie)
}

/** The same, were the cookie neither quarantined nor shared. */
export function signalsIfIn(
  pass: Pass,
  cookie: ViewNode,
  asks: CrowdAsk[],
): ReadonlyMap<Key, PairSignals> {
  const { knowledge } = pass.policy
  if (knowledge !== null) return learnedPairs(pass, knowledge, cookie, asks)
  const found = new Map<Key, PairSignals>()
  for (const [key, edges] of cookie.out) {
    const edge = edges[0]
    if (edge === undefined || isMemberKind(edge.kind)) continue
    const witness = pass.view.node(key)
    if (witness === undefined) {
      if (!pass.view.absent.has(key)) pass.missing.add(key)
      continue
    }
    const name = signalName(witness.type)
    const rule = pass.policy.types.get(witness.type)
    if (witness.quarantined || name === null || rule === undefined) continue
    const whole = name === 'ip' || tellsDevicesApart(witness)
    weighWitness(pass, { cookie, edge, name, rule, whole, asks }, found)
  }
  markBoth(found)
  return found
}

function signalName(type: string | undefined): SignalName | null {
  if (type === 'ip') return 'ip'
  return type === 'device_signature' ? 'signature' : null
}

/** Screen and GPU are what differs most between devices; a signature without either weighs half. */
function tellsDevicesApart({ namespace }: ViewNode): boolean {
  const [parts = ''] = namespace.split('@')
  const known = parts.split('+')
  return known.includes('screen') && known.includes('gpu')
}

interface Weighing {
  readonly cookie: ViewNode
  readonly edge: ViewEdge
  readonly name: SignalName
  readonly rule: IdentifierTypeRule
  /** False: its word counts half. */
  readonly whole: boolean
  readonly asks: CrowdAsk[]
}

function weighWitness(pass: Pass, weighing: Weighing, found: Map<Key, PairSignals>): void {
  const { edge, name, rule, whole, cookie, asks } = weighing
  const signal = pass.policy.signals[name]
  for (const [day, hours] of edge.days) {
    const ask = {
      identifier: edge.to,
      fromDay: day - signal.windowDays,
      toDay: day + signal.windowDays,
    }
    const own = pass.view.crowd(edge.to, day)
    for (let other = ask.fromDay; other <= ask.toDay; other++) {
      const crowd = pass.view.crowd(edge.to, other)
      if (crowd === undefined || own === undefined) {
        asks.push(ask)
        break
      }
      const anchors = Math.max(anchorsIn(pass, own), anchorsIn(pass, crowd))
      const permille = damping(anchors, rule) / (whole ? 1 : 2)
      if (permille === 0) continue
      weighDay(
        pass,
        { cookie, name, signal, permille, candidate: anchors <= pass.policy.candidateAnchorsMax },
        { day, hours, other, crowd },
        found,
      )
    }
  }
}

function anchorsIn(pass: Pass, crowd: Crowd): number {
  let anchors = pass.anchors.get(crowd)
  if (anchors === undefined) pass.anchors.set(crowd, (anchors = anchorsOf(crowd)))
  return anchors
}

interface DayWeight {
  readonly cookie: ViewNode
  readonly name: SignalName
  readonly signal: SignalRule
  readonly permille: number
  readonly candidate: boolean
}

interface DayPair {
  readonly day: number
  readonly hours: number
  readonly other: number
  readonly crowd: Crowd
}

function weighDay(
  pass: Pass,
  weight: DayWeight,
  pair: DayPair,
  found: Map<Key, PairSignals>,
): void {
  for (const [key, entry] of pair.crowd.entries) {
    if (key === weight.cookie.key || entry.fromType !== 'cookie') continue
    const gap = gapHours(pair.day, pair.hours, pair.other, entry.hours)
    if (gap > weight.signal.windowDays * 24) continue
    const node = pass.view.node(key)
    if (node === undefined) {
      pass.missing.add(key)
      continue
    }
    const signals = noSignals()
    const together = weight.cookie.sites.some((site) => node.sites.includes(site))
    const base = together ? weight.signal.evidence : weight.signal.crossSiteEvidence
    const worth = Math.floor(
      (aged(base, gap, weight.signal.halfLifeHours) * weight.permille) / 1000,
    )
    if (together) signals[weight.name] = worth
    else signals[weight.name === 'ip' ? 'crossIp' : 'crossSignature'] = worth
    signals.candidate = weight.candidate
    const known = found.get(key)
    if (known === undefined) found.set(key, signals)
    else mergeSignals(known, signals)
  }
}

function markBoth(found: Map<Key, PairSignals>): void {
  for (const signals of found.values())
    signals.crossBoth = signals.crossIp > 0 && signals.crossSignature > 0
}
