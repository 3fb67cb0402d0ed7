// The guards: what may stand in one profile, whatever the evidence. Joining two strangers is worse than missing a join.
// Invariant: a guard reads what the two sides hold as sets, so the order in which they grew does not matter.

import type { Key } from '../identifier/identifier.ts'
import type { Pass } from './neighbours.ts'
import type { Guard } from './records.ts'
import { externalIdsOf, isLogin } from './shared-cookie.ts'
import type { ViewNode } from './view.ts'

/** What one side of a union holds, as far as guards ask. */
export interface Side {
  readonly size: number
  /** Type -> how many, for types with a cap. */
  readonly counts: ReadonlyMap<string, number>
  /** Unique namespace -> its value. */
  readonly unique: ReadonlyMap<string, string>
  /** E-mails that were logged in with. */
  readonly logins: readonly ViewNode[]
  /** Ids of "different" verdicts, by the side of the verdict of which members are here. */
  readonly deniedA: ReadonlySet<string>
  readonly deniedB: ReadonlySet<string>
}

export interface Refused {
  readonly guard: Guard
  readonly reason: string
}

const NO_COUNTS: ReadonlyMap<string, number> = new Map()
const NO_VALUES: ReadonlyMap<string, string> = new Map()
const NO_IDS: ReadonlySet<string> = new Set()
const NOTHING: Side = {
  size: 0,
  counts: NO_COUNTS,
  unique: NO_VALUES,
  logins: [],
  deniedA: NO_IDS,
  deniedB: NO_IDS,
}

/** Whether any guard could refuse anything among these members: nearly always not. */
export function mayContest(pass: Pass, nodes: readonly ViewNode[]): boolean {
  if (nodes.length > pass.policy.profileIdentifiersMax) return true
  const seen = new Map<string, number>()
  for (const node of nodes) {
    if (node.type === 'cookie') {
      if (pass.view.verdictsOf(node.key).size > 0) return true
      continue
    }
    const unique = pass.policy.namespaces.get(node.namespace)?.unique === true
    const slot = unique && node.type === 'external_id' ? `external_id:${node.namespace}` : node.type
    const count = (seen.get(slot) ?? 0) + 1
    seen.set(slot, count)
    const max =
      slot !== node.type || node.type === 'email'
        ? 1
        : (pass.policy.types.get(node.type)?.perProfileMax ?? 0)
    if ((max > 0 && count > max) || pass.view.verdictsOf(node.key).size > 0) return true
  }
  return false
}

/** `owns` false: an era an identifier has left; it connects but is not held. */
export function sideOf(pass: Pass, node: ViewNode, owns = true): Side {
  if (!owns) return NOTHING
  const { policy, view } = pass
  const capped = (policy.types.get(node.type)?.perProfileMax ?? 0) > 0
  const unique =
    node.type === 'external_id' && policy.namespaces.get(node.namespace)?.unique === true
  let deniedA = NO_IDS
  let deniedB = NO_IDS
  for (const id of view.verdictsOf(node.key)) {
    const verdict = view.verdicts.get(id)
    if (verdict?.verdict !== 'different') continue
    if (verdict.a.includes(node.key)) deniedA = new Set([...deniedA, id])
    if (verdict.b.includes(node.key)) deniedB = new Set([...deniedB, id])
  }
  return {
    size: 1,
    counts: capped ? new Map([[node.type, 1]]) : NO_COUNTS,
    unique: unique ? new Map([[node.namespace, node.value]]) : NO_VALUES,
    logins: node.type === 'email' && wasLoggedInWith(pass, node) ? [node] : [],
    deniedA,
    deniedB,
  }
}

function wasLoggedInWith(pass: Pass, email: ViewNode): boolean {
  for (const key of email.inbound) {
    if (pass.view.node(key)?.out.get(email.key)?.some(isLogin) === true) return true
  }
  return false
}

/** Why the two sides may not be one; null when they may. */
export function guardAgainst(
  pass: Pass,
  a: Side,
  b: Side,
  rules: { readonly only?: Guard; readonly newerThan?: number },
): Refused | null {
  const denied = denial(pass, a, b, rules.newerThan ?? -1)
  if (denied !== null || rules.only === 'cannot_link') return denied
  return uniqueClash(a, b) ?? overCap(pass, a, b) ?? twoLogins(pass, a, b) ?? oversize(pass, a, b)
}

function denial(pass: Pass, a: Side, b: Side, newerThan: number): Refused | null {
  for (const [left, right] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const id of left.deniedA) {
      // A side that already holds both was joined by a later "same": the older verdict gave way.
      if (!right.deniedB.has(id) || left.deniedB.has(id) || right.deniedA.has(id)) continue
      const verdict = pass.view.verdicts.get(id)
      if (verdict === undefined || verdict.order <= newerThan) continue
      return {
        guard: 'cannot_link',
        reason: `${verdict.author} decided that they are different (${id})`,
      }
    }
  }
  return null
}

function uniqueClash(a: Side, b: Side): Refused | null {
  for (const [namespace, value] of a.unique) {
    const other = b.unique.get(namespace)
    if (other === undefined || other === value) continue
    const [x, y] = [value, other].toSorted()
    return {
      guard: 'unique_namespace',
      reason: `${namespace} names one person a value: ${x} and ${y}`,
    }
  }
  return null
}

function overCap(pass: Pass, a: Side, b: Side): Refused | null {
  for (const [type, count] of a.counts) {
    const max = pass.policy.types.get(type)?.perProfileMax ?? 0
    const total = count + (b.counts.get(type) ?? 0)
    if (total > max)
      return { guard: 'type_cap', reason: `${total} values of ${type} (at most ${max})` }
  }
  return null
}

function twoLogins(pass: Pass, a: Side, b: Side): Refused | null {
  for (const x of a.logins) {
    for (const y of b.logins) {
      const ids = externalIdsOf(pass, x)
      if ([...externalIdsOf(pass, y)].some((id) => ids.has(id))) continue
      return {
        guard: 'two_logins',
        reason: 'two e-mails were both logged in with and have no external id in common',
      }
    }
  }
  return null
}

function oversize(pass: Pass, a: Side, b: Side): Refused | null {
  const max = pass.policy.profileIdentifiersMax
  if (a.size + b.size <= max) return null
  return { guard: 'oversize', reason: `${a.size + b.size} identifiers (at most ${max})` }
}

export function uniteSides(a: Side, b: Side): Side {
  return {
    size: a.size + b.size,
    counts: addCounts(a.counts, b.counts),
    unique: b.unique.size === 0 ? a.unique : new Map([...a.unique, ...b.unique]),
    logins: b.logins.length === 0 ? a.logins : [...a.logins, ...b.logins],
    deniedA: union(a.deniedA, b.deniedA),
    deniedB: union(a.deniedB, b.deniedB),
  }
}

function addCounts(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  if (b.size === 0) return a
  if (a.size === 0) return b
  const sum = new Map(a)
  for (const [type, count] of b) sum.set(type, (sum.get(type) ?? 0) + count)
  return sum
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (b.size === 0) return a
  return a.size === 0 ? b : new Set([...a, ...b])
}

/** Keys of a side's members on the other side of a "different" verdict, for explanations. */
export function deniedBetween(a: Side, b: Side): readonly Key[] {
  return [...a.deniedA].filter((id) => b.deniedB.has(id))
}
