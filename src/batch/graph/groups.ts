// Groups of members by their edges alone, on arrays, as stage A would form them where no guard and no judgement on what
// is shared could have a say; and which members lie where one could. Invariant: whoever is not contested is decided here
// exactly as stage A decides.

import { Forest } from './forest.ts'

export interface MemberArrays {
  /** What two of which in one profile are a case for the guards: a number a type or unique namespace; -1 for none. */
  readonly slot: Int32Array
  /** Most of the slot that no guard looks at. */
  readonly slotMax: Int32Array
  /** 1 for a member that something special is known of: a verdict, a quarantine, a second site, a second era. */
  readonly special: Int32Array
  /** 1 for a cookie. */
  readonly cookie: Int32Array
  /** Cookies that may name it in all, before any of its days could be crowded; 0: any number. */
  readonly crowdMax: Int32Array
}

export interface EdgeArrays {
  readonly from: Int32Array
  readonly to: Int32Array
  /** Code of its kind. */
  readonly kind: Int32Array
}

export interface GroupLimits {
  /** By code of kind. */
  readonly evidence: readonly number[]
  readonly mergeEvidence: number
  readonly profileIdentifiersMax: number
  readonly namedPerCookieMax: number
}

export interface Groups {
  /** Member -> the smallest member of its group. */
  readonly group: Int32Array
  /** Of the smallest member of a group: evidence of the weakest edge that holds it together; 0 where nothing must hold. */
  readonly weakest: Int32Array
  /** Of the smallest member of a group: the two ends of that edge and its kind; -1 where nothing must hold. */
  readonly link: { readonly from: Int32Array; readonly to: Int32Array; readonly kind: Int32Array }
  /** 1 for members of whom the resolver's own code must decide. */
  readonly contested: Uint8Array
}

/** `together`: sets of members that must be looked at as a whole whatever their edges, since a verdict names them. */
export function formGroups(
  members: MemberArrays,
  edges: EdgeArrays,
  together: readonly (readonly number[])[],
  limits: GroupLimits,
): Groups {
  const count = members.slot.length
  const wholes = new Forest(count)
  for (let i = 0; i < edges.from.length; i++) wholes.join(edges.from[i] ?? 0, edges.to[i] ?? 0)
  for (const [first = 0, ...rest] of together) for (const one of rest) wholes.join(first, one)
  const whole = wholes.roots()
  const held = strongest(count, edges, limits)
  return { ...held, contested: contestedOf(members, edges, whole, held.group, limits) }
}

/** From the strongest kind of edge down, and of one kind in the order given: what an edge unites, it holds. */
function strongest(
  count: number,
  { from, to, kind }: EdgeArrays,
  { evidence, mergeEvidence }: GroupLimits,
): Omit<Groups, 'contested'> {
  const forest = new Forest(count)
  const weakest = new Int32Array(count)
  const none = (): Int32Array => new Int32Array(count).fill(-1)
  const link = { from: none(), to: none(), kind: none() }
  const steps = [...new Set(evidence)].filter((e) => e >= mergeEvidence).toSorted((x, y) => y - x)
  for (const step of steps) {
    const holds = Uint8Array.from(evidence, (e) => (e === step ? 1 : 0))
    for (let i = 0; i < from.length; i++) {
      if (holds[kind[i] ?? 0] !== 1) continue
      const root = forest.unite(from[i] ?? 0, to[i] ?? 0)
      if (root < 0) continue
      weakest[root] = step
      link.from[root] = from[i] ?? -1
      link.to[root] = to[i] ?? -1
      link.kind[root] = kind[i] ?? -1
    }
  }
  const group = forest.roots()
  return { group, weakest, link }
}

function contestedOf(
  members: MemberArrays,
  edges: EdgeArrays,
  whole: Int32Array,
  group: Int32Array,
  limits: GroupLimits,
): Uint8Array {
  const count = whole.length
  const marked = new Uint8Array(count)
  const mark = (member: number): void => {
    marked[whole[member] ?? 0] = 1
  }
  markSpecial(members, mark)
  markCrowds(members, edges, limits.namedPerCookieMax, mark)
  markLarge(group, limits.profileIdentifiersMax, mark)
  markSlots(members, whole, mark)
  const contested = new Uint8Array(count)
  for (let member = 0; member < count; member++) contested[member] = marked[whole[member] ?? 0] ?? 0
  return contested
}

type Mark = (member: number) => void

function markSpecial({ special }: MemberArrays, mark: Mark): void {
  for (let member = 0; member < special.length; member++) if (special[member] === 1) mark(member)
}

/** Cookies that named many, and members that many cookies named. */
function markCrowds(
  { cookie, crowdMax }: MemberArrays,
  { from, to }: EdgeArrays,
  namedPerCookieMax: number,
  mark: Mark,
): void {
  const named = new Int32Array(cookie.length)
  const namedBy = new Int32Array(cookie.length)
  for (let i = 0; i < from.length; i++) {
    const [a, b] = [from[i] ?? 0, to[i] ?? 0]
    if (cookie[a] !== 1) continue
    named[a] = (named[a] ?? 0) + 1
    namedBy[b] = (namedBy[b] ?? 0) + 1
  }
  for (let member = 0; member < cookie.length; member++) {
    const most = crowdMax[member] ?? 0
    if ((named[member] ?? 0) > namedPerCookieMax) mark(member)
    else if (most > 0 && (namedBy[member] ?? 0) > most) mark(member)
  }
}

function markLarge(group: Int32Array, membersMax: number, mark: Mark): void {
  const sizes = new Int32Array(group.length)
  for (let member = 0; member < group.length; member++) {
    const root = group[member] ?? 0
    const size = (sizes[root] ?? 0) + 1
    sizes[root] = size
    if (size > membersMax) mark(member)
  }
}

/** More of a type or unique namespace than a guard lets pass unseen. */
function markSlots({ slot, slotMax }: MemberArrays, whole: Int32Array, mark: Mark): void {
  const slots = slot.reduce((most, one) => Math.max(most, one), 0) + 1
  const held = new Map<number, number>()
  for (let member = 0; member < slot.length; member++) {
    const own = slot[member] ?? -1
    if (own < 0) continue
    const place = (whole[member] ?? 0) * slots + own
    const count = (held.get(place) ?? 0) + 1
    held.set(place, count)
    if (count > (slotMax[member] ?? 0)) mark(member)
  }
}
