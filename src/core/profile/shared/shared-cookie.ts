// Whether a cookie is used by several people, judged from its own sequence of logins before anything is joined.
// Invariant: reads only first and last times, so duplicates and order change nothing.

import type { Key } from '../../identifier/identifier.ts'
import type { Pass } from '../view/neighbours.ts'
import { externalIdsOf, isSharedContact } from './shared-contact.ts'
import type { ViewEdge, ViewNode } from '../view/view.ts'
import { isMemberKind } from '../view/view.ts'

/** Why a cookie is shared, for people to read; null when it is one person's. */
export function whyCookieShared(pass: Pass, cookie: ViewNode): string | null {
  const { view, policy } = pass
  if (cookie.over) return 'it named more people than can be looked at'
  const named: ViewNode[] = []
  for (const [key, edges] of cookie.out) {
    if (!edges.some((e) => isMemberKind(e.kind))) continue
    const node = view.node(key)
    if (node === undefined) pass.missing.add(key)
    else if (!node.quarantined) named.push(node)
  }
  if (named.length > policy.namedPerCookieMax)
    return `it named ${named.length} people (at most ${policy.namedPerCookieMax})`
  return twoOfUniqueNamespace(pass, named) ?? manyEmails(pass, cookie, named)
}

export function isSharedCookie(pass: Pass, cookie: ViewNode): boolean {
  let shared = pass.shared.get(cookie.key)
  if (shared === undefined) {
    shared = whyCookieShared(pass, cookie) !== null
    pass.shared.set(cookie.key, shared)
  }
  return shared
}

function twoOfUniqueNamespace(pass: Pass, named: readonly ViewNode[]): string | null {
  const seen = new Map<string, string>()
  for (const node of named) {
    if (node.type !== 'external_id' || pass.policy.namespaces.get(node.namespace)?.unique !== true)
      continue
    const other = seen.get(node.namespace)
    if (other !== undefined)
      return `it named two of ${node.namespace}, ${other} and ${node.value}, and one person has one`
    seen.set(node.namespace, node.value)
  }
  return null
}

function manyEmails(pass: Pass, cookie: ViewNode, named: readonly ViewNode[]): string | null {
  const emails = named.filter((node) => node.type === 'email')
  if (emails.length < 2) return null
  // A shared mailbox stands for nobody, and does not vouch for those it was named with.
  const own = emails.filter((email) => !isSharedContact(pass, email))
  const people = peopleOf(pass, own)
  if (people.length >= 3) return `${people.length} e-mails without an external id in common`
  const [a, b] = people.map((mails) => loginSpan(cookie, mails))
  if (a === undefined || b === undefined || a === null || b === null) return null
  // Two closed spans that overlap are exactly the sequences A–B–A or B–A–B.
  return a.first < b.last && b.first < a.last ? 'two e-mails whose logins alternate' : null
}

/** E-mails grouped by the external ids they have in common. */
function peopleOf(pass: Pass, emails: readonly ViewNode[]): ViewNode[][] {
  const people: { ids: Set<Key>; mails: ViewNode[] }[] = []
  for (const email of emails) {
    const ids = new Set(externalIdsOf(pass, email))
    const same = people.filter((p) => [...ids].some((id) => p.ids.has(id)))
    const merged = { ids, mails: [email] }
    for (const p of same) {
      for (const id of p.ids) merged.ids.add(id)
      merged.mails.push(...p.mails)
      people.splice(people.indexOf(p), 1)
    }
    people.push(merged)
  }
  return people.map((p) => p.mails)
}

/** First and last time one of the e-mails was logged in with (or paid with) on the cookie; null for never. */
function loginSpan(
  cookie: ViewNode,
  mails: readonly ViewNode[],
): { first: number; last: number } | null {
  let first = Infinity
  let last = -Infinity
  for (const mail of mails) {
    for (const edge of cookie.out.get(mail.key) ?? []) {
      if (!isLogin(edge)) continue
      first = Math.min(first, edge.firstSeen)
      last = Math.max(last, edge.lastSeen)
    }
  }
  return last === -Infinity ? null : { first, last }
}

/** Acts that show the person has the e-mail, rather than merely typed it. */
export function isLogin({ kind }: Pick<ViewEdge, 'kind'>): boolean {
  return kind === 'login' || kind === 'checkout'
}
