// A cookie's anchor: its own strongest login, for whom it counts in a crowd; itself as long as nobody logged in.
// Invariant: read from the cookie's own edges only, never from profiles.

import type { Key } from '../../identifier/identifier.ts'
import type { Policy } from '../../policy/policy.ts'
import { thinCrowd, type Touched, touchCrowd } from './touched.ts'
import { isLogin } from '../shared/shared-cookie.ts'
import { isMemberKind, type View, type ViewNode } from './view.ts'

interface Login {
  readonly key: Key
  readonly rank: number
  readonly firstSeen: number
}

export function chooseAnchor(view: View, policy: Policy, cookie: ViewNode, touched: Touched): void {
  if (cookie.type !== 'cookie') return
  let best: Login | undefined
  for (const [key, edges] of cookie.out) {
    const rank = policy.types.get(view.node(key)?.type ?? '')?.rank ?? 0
    for (const edge of edges) {
      const login = { key, rank, firstSeen: edge.firstSeen }
      if (isLogin(edge) && (best === undefined || stronger(login, best))) best = login
    }
  }
  const anchor = best?.key ?? cookie.key
  if (anchor === cookie.anchor) return
  cookie.anchor = anchor
  view.compared.pairs.clear()
  view.unstoredNodes.add(cookie)
  for (const [key, edges] of cookie.out) {
    for (const day of edges[0]?.days.keys() ?? []) {
      const entry = view.crowd(key, day)?.entries.get(cookie.key)
      if (entry === undefined) continue
      entry.anchor = anchor
      touchCrowd(touched, key, day)
    }
  }
}

/** Notes every day on which the cookie was in the crowd of a witness: it is not there any more, or counts as another. */
export function thinCrowdsOf(cookie: ViewNode, touched: Touched): void {
  for (const [key, edges] of cookie.out) {
    for (const { kind, days } of edges)
      if (!isMemberKind(kind)) for (const day of days.keys()) thinCrowd(touched, key, day)
  }
}

function stronger(x: Login, y: Login): boolean {
  if (x.rank !== y.rank) return x.rank > y.rank
  return x.firstSeen !== y.firstSeen ? x.firstSeen < y.firstSeen : x.key < y.key
}
