// What the first login on a cookie says of the profile that it was joined with before by what it looks like.
// Invariant: reads the view as it was before the fact; whoever says nothing of that profile gives no answer.

import type { Fact } from '../edge/fact.ts'
import type { LoginAnswer } from '../evidence/learned/drift.ts'
import type { Identifier } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'
import { wasLoggedInWith } from './guards.ts'
import { newPass, type Pass } from './view/neighbours.ts'
import { isSharedContact } from './shared/shared-contact.ts'
import { isLogin } from './shared/shared-cookie.ts'
import { isMemberKind, type View, type ViewNode } from './view/view.ts'

/**
 * Right: the profile holds the id already. Wrong: it holds another value of the same unique namespace, or another e-mail
 * that was logged in with. Null for all else. To be asked before the fact is applied.
 */
export function answerOfLogin(view: View, policy: Policy, fact: Fact): LoginAnswer | null {
  if (policy.knowledge === null || !fact.edges.some(isLogin)) return null
  const cookie = view.node(fact.identifiers[0]?.key ?? '')
  if (cookie?.type !== 'cookie' || !wasJoinedByLooks(view, cookie)) return null
  const pass = newPass(view, policy)
  const named = fact.edges
    .filter((edge) => edge.from === 0 && isLogin(edge))
    .flatMap(({ to }) => fact.identifiers[to] ?? [])
    .filter((identifier) => namesOne(pass, identifier))
  const mates = matesOf(view, cookie)
  const ids = named.filter(({ type }) => type === 'external_id')
  const clashes = ids.some((id) => {
    const others = heldIn(pass, mates, id)
    return others.length > 0 && others.every(({ key }) => key !== id.key)
  })
  if (clashes) return 'wrong'
  const held = new Set(mates.map(({ key }) => key))
  if (named.some(({ key }) => held.has(key))) return 'right'
  const isStranger = named.some(({ type }) => type === 'email') && mates.some(isKnown(pass))
  return isStranger ? 'wrong' : null
}

/** It has said nothing of itself, nor a steward of it, and is with others all the same. */
function wasJoinedByLooks(view: View, cookie: ViewNode): boolean {
  if (cookie.profile === '' || cookie.over || cookie.inbound.size > 0) return false
  if ((view.profiles.get(cookie.profile)?.size ?? 0) < 2) return false
  if (view.verdictsOf(cookie.key).size > 0) return false
  for (const edges of cookie.out.values())
    if (edges.some(({ kind }) => isMemberKind(kind))) return false
  return true
}

/** An id that joins nobody says nothing. */
function namesOne(pass: Pass, { key }: Identifier): boolean {
  const node = pass.view.node(key)
  return node === undefined || !(node.quarantined || node.over || isSharedContact(pass, node))
}

/** Those it was decided with: all members of its profile are among them. */
function matesOf(view: View, { key, profile, component }: ViewNode): readonly ViewNode[] {
  const keys = view.components.get(component) ?? []
  const nodes = [...keys].flatMap((mate) => (mate === key ? [] : (view.node(mate) ?? [])))
  return nodes.filter((node) => node.profile === profile)
}

/** Values of the id's namespace, if a person has one of it. */
function heldIn({ policy }: Pass, mates: readonly ViewNode[], id: Identifier): readonly ViewNode[] {
  if (policy.namespaces.get(id.namespace)?.unique !== true) return []
  return mates.filter(({ type, namespace }) => type === 'external_id' && namespace === id.namespace)
}

function isKnown(pass: Pass) {
  return (node: ViewNode): boolean =>
    node.type === 'email' && wasLoggedInWith(pass, node) && !isSharedContact(pass, node)
}
