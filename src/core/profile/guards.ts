// The guards: what may stand in one profile, whatever the evidence. Joining two strangers is worse than missing a join.
// Invariant: a guard reads what the two sides hold as sets, so the order in which they grew does not matter.

import type { Pass } from './view/neighbours.ts'
import type { Guard } from './view/records.ts'
import { externalIdsOf } from './shared/shared-contact.ts'
import { isLogin } from './shared/shared-cookie.ts'
import type { ViewNode } from './view/view.ts'

/** What one side of a union holds, as far as guards ask. */
export interface Side {
  readonly size: number
  /** Type -> its members here, for types with a cap. */
  readonly capped: ReadonlyMap<string, readonly ViewNode[]>
  /** Unique namespace -> its members here: one, unless a steward said that several are the same person. */
  readonly unique: ReadonlyMap<string, readonly ViewNode[]>
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

const NO_NODES: ReadonlyMap<string, readonly ViewNode[]> = new Map()
const NO_IDS: ReadonlySet<string> = new Set()
const NOTHING: Side = {
  size: 0,
  capped: NO_NODES,
  unique: NO_NODES,
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
    capped: capped ? new Map([[node.type, [node]]]) : NO_NODES,
    unique: unique ? new Map([[node.namespace, [node]]]) : NO_NODES,
    logins: node.type === 'email' && wasLoggedInWith(pass, node) ? [node] : [],
    deniedA,
    deniedB,
  }
}

/** Whether any cookie was logged in on with the e-mail. */
export function wasLoggedInWith(pass: Pass, email: ViewNode): boolean {
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
  return (
    uniqueClash(pass, a, b) ?? overCap(pass, a, b) ?? twoLogins(pass, a, b) ?? oversize(pass, a, b)
  )
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

function uniqueClash(pass: Pass, a: Side, b: Side): Refused | null {
  for (const [namespace, here] of a.unique) {
    const clash = pairsOf(here, b.unique.get(namespace)).find(([x, y]) => !saidSame(pass, x, y))
    if (clash === undefined) continue
    const [x, y] = clash.map((node) => node.value).toSorted()
    return {
      guard: 'unique_namespace',
      reason: `one person has one ${namespace}, and these have ${x} and ${y}`,
    }
  }
  return null
}

function overCap(pass: Pass, a: Side, b: Side): Refused | null {
  for (const [type, here] of a.capped) {
    const max = pass.policy.types.get(type)?.perProfileMax ?? 0
    const all = [...here, ...(b.capped.get(type) ?? [])]
    if (all.length > max && !saidSame(pass, ...all))
      return { guard: 'type_cap', reason: `${all.length} values of ${type} (at most ${max})` }
  }
  return null
}

function twoLogins(pass: Pass, a: Side, b: Side): Refused | null {
  for (const [x, y] of pairsOf(a.logins, b.logins)) {
    const ids = externalIdsOf(pass, x)
    if ([...externalIdsOf(pass, y)].some((id) => ids.has(id)) || saidSame(pass, x, y)) continue
    return {
      guard: 'two_logins',
      reason: 'two e-mails were both logged in with and have no external id in common',
    }
  }
  return null
}

type Pair = readonly [ViewNode, ViewNode]

function pairsOf(a: readonly ViewNode[], b: readonly ViewNode[] = []): Pair[] {
  return a.flatMap((x) => b.map((y): Pair => [x, y]))
}

/** Whether a steward was shown all of these and said that they are one person. */
function saidSame({ view }: Pass, ...nodes: readonly ViewNode[]): boolean {
  for (const id of view.verdictsOf(nodes[0]?.key ?? '')) {
    const verdict = view.verdicts.get(id)
    if (verdict?.verdict !== 'same') continue
    if (nodes.every(({ key }) => verdict.a.includes(key) || verdict.b.includes(key))) return true
  }
  return false
}

function oversize(pass: Pass, a: Side, b: Side): Refused | null {
  const max = pass.policy.profileIdentifiersMax
  if (a.size + b.size <= max) return null
  return { guard: 'oversize', reason: `${a.size + b.size} identifiers (at most ${max})` }
}

export function uniteSides(a: Side, b: Side): Side {
  return {
    size: a.size + b.size,
    capped: addNodes(a.capped, b.capped),
    unique: addNodes(a.unique, b.unique),
    logins: b.logins.length === 0 ? a.logins : [...a.logins, ...b.logins],
    deniedA: union(a.deniedA, b.deniedA),
    deniedB: union(a.deniedB, b.deniedB),
  }
}

function addNodes(a: Side['unique'], b: Side['unique']): Side['unique'] {
  if (b.size === 0) return a
  if (a.size === 0) return b
  const sum = new Map(a)
  for (const [name, nodes] of b) sum.set(name, [...(sum.get(name) ?? []), ...nodes])
  return sum
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (b.size === 0) return a
  return a.size === 0 ? b : new Set([...a, ...b])
}
