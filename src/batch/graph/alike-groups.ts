// Groups that look alike made one: on arrays where no guard could have a say, by the resolver's own code where one could.
// Invariant: joins as the live path does under the same knowledge.

import type { Key } from '../../core/identifier/identifier.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { BatchEngine } from '../../ports/batch-engine.ts'
import type { AlikeCookies } from '../evidence/alike-cookies.ts'
import { joinGroups } from '../evidence/join-groups.ts'
import { ALIKE_KIND } from '../policy-tables.ts'
import { type Contest, decideAlikeMembers } from './contested-members.ts'
import { nodesWhere } from './deterministic.ts'
import { Forest } from './forest.ts'
import type { Groups } from './groups.ts'

export interface AlikeContest extends Contest {
  readonly policy: Policy
  /** Members that decisions name. */
  readonly singled: ReadonlyMap<Key, number>
}

/** Changes `groups`. Needs `member`; makes `alike_join`: the pairs that are in one group now. */
export async function joinAlike(
  engine: BatchEngine,
  contest: AlikeContest,
  groups: Groups,
  alike: AlikeCookies,
): Promise<void> {
  if (alike.a.length === 0) return putJoins(engine, groups, alike)
  const groupsBefore = groups.group.slice()
  const by = {
    a: alike.a.map((node) => groupsBefore[node] ?? 0),
    b: alike.b.map((node) => groupsBefore[node] ?? 0),
    evidence: alike.evidence,
  }
  const contested = await contestedComponents(engine, contest, groupsBefore, by)
  const free = Int32Array.from(by.a.keys()).filter((i) => contested[by.a[i] ?? 0] !== 1)
  const of = (column: Int32Array): Int32Array => free.map((i) => column[i] ?? 0)
  const { home, weakest } = joinGroups(
    { a: of(by.a), b: of(by.b), evidence: of(by.evidence) },
    groupsBefore.length,
    contest.policy.stageBRounds,
  )
  for (let node = 0; node < groupsBefore.length; node++)
    groups.group[node] = home[groupsBefore[node] ?? 0] ?? 0
  holdJoined(groups, groupsBefore, weakest)
  const nodes = groupsBefore.map((group) => contested[group] ?? 0)
  if (nodes.includes(1)) {
    await engine.put('contested', { node: nodesWhere(Uint8Array.from(nodes)) })
    await decideAlikeMembers(engine, contest, groups, alike)
  }
  nameWeakest(groups, groupsBefore, alike)
  return putJoins(engine, groups, alike)
}

/** `alike_join`: from_node, to_node, evidence of the pairs of cookies that a model would join and that are in one group. */
export async function putJoins(
  engine: BatchEngine,
  { group }: Pick<Groups, 'group'>,
  { a, b, evidence }: AlikeCookies,
): Promise<void> {
  const together = Int32Array.from(a.keys()).filter((i) => group[a[i] ?? 0] === group[b[i] ?? 0])
  const of = (column: Int32Array): Int32Array => together.map((i) => column[i] ?? 0)
  await engine.put('alike_join', { from_node: of(a), to_node: of(b), evidence: of(evidence) })
}

/** By group: 1 where a guard could refuse one of several joins, or a decision has a say. */
async function contestedComponents(
  engine: BatchEngine,
  { policy, singled }: AlikeContest,
  groupOf: Int32Array,
  { a, b }: Pick<AlikeCookies, 'a' | 'b'>,
): Promise<Uint8Array> {
  const forest = new Forest(groupOf.length)
  for (let i = 0; i < a.length; i++) forest.unite(a[i] ?? 0, b[i] ?? 0)
  const whole = forest.roots()
  const { members, named } = await sizesOf(engine, groupOf)
  const size = new Int32Array(groupOf.length)
  const people = new Int32Array(groupOf.length)
  const groups = new Set([...a, ...b])
  for (const group of groups) {
    const root = whole[group] ?? 0
    size[root] = (size[root] ?? 0) + (members[group] ?? 0)
    people[root] = (people[root] ?? 0) + (named[group] ?? 0)
  }
  const special = new Set([...singled.values()].map((one) => whole[groupOf[one] ?? 0] ?? 0))
  const contested = new Uint8Array(groupOf.length)
  for (const group of groups) {
    const root = whole[group] ?? 0
    const few = (people[root] ?? 0) <= 1 && (size[root] ?? 0) <= policy.profileIdentifiersMax
    if (!few || special.has(root)) contested[group] = 1
  }
  return contested
}

interface Sizes {
  /** By group. */
  readonly members: Int32Array
  /** By group: 1 where it holds more than cookies. */
  readonly named: Uint8Array
}

async function sizesOf(engine: BatchEngine, groupOf: Int32Array): Promise<Sizes> {
  const [node = NONE, cookie = NONE] = await engine.integers('SELECT node, cookie FROM member')
  const members = new Int32Array(groupOf.length)
  const named = new Uint8Array(groupOf.length)
  for (let i = 0; i < node.length; i++) {
    const group = groupOf[node[i] ?? 0] ?? 0
    members[group] = (members[group] ?? 0) + 1
    if (cookie[i] === 0) named[group] = 1
  }
  return { members, named }
}

const NONE = new Int32Array(0)

/** What was joined is held by the weakest of its joins and of what held its parts. */
function holdJoined({ group, weakest, link }: Groups, before: Int32Array, joins: Int32Array): void {
  for (let part = 0; part < before.length; part++) {
    const now = group[part] ?? 0
    if (before[part] !== part || now === part) continue
    takeWeaker({ weakest, link }, now, part)
  }
  for (let now = 0; now < joins.length; now++) {
    const join = joins[now] ?? 0
    if (join === 0 || ((weakest[now] ?? 0) !== 0 && (weakest[now] ?? 0) <= join)) continue
    weakest[now] = join
    link.kind[now] = ALIKE_KIND
  }
}

function takeWeaker(
  { weakest, link }: Pick<Groups, 'weakest' | 'link'>,
  into: number,
  part: number,
): void {
  const held = weakest[part] ?? 0
  if (held === 0 || ((weakest[into] ?? 0) !== 0 && (weakest[into] ?? 0) <= held)) return
  weakest[into] = held
  link.from[into] = link.from[part] ?? -1
  link.to[into] = link.to[part] ?? -1
  link.kind[into] = link.kind[part] ?? -1
}

/** Where a join is the weakest, it is of the first pair of cookies between two parts that is worth just this. */
function nameWeakest(
  { group, weakest, link }: Groups,
  before: Int32Array,
  alike: AlikeCookies,
): void {
  for (let i = alike.a.length - 1; i >= 0; i--) {
    const [x, y] = [alike.a[i] ?? 0, alike.b[i] ?? 0]
    const now = group[x] ?? 0
    if (now !== group[y] || before[x] === before[y] || link.kind[now] !== ALIKE_KIND) continue
    if (weakest[now] !== alike.evidence[i]) continue
    link.from[now] = x
    link.to[now] = y
  }
}
