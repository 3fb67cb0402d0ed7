// The few members about whom a guard or a judgement could have a say: decided by the resolver's own code, on a view that
// holds all that lies around them, without its bounds. Invariant: nothing is decided here otherwise than live.

import { NO_CLUES } from '../../core/edge/clue.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { componentsOf } from '../../core/profile/component.ts'
import { newPass, type Pass } from '../../core/profile/view/neighbours.ts'
import type { VerdictRecord } from '../../core/profile/view/records.ts'
import { isShared } from '../../core/profile/shared/shared.ts'
import { profileOfCluster } from '../../core/profile/settle.ts'
import { type Group, type Refusal, stageA } from '../../core/profile/stage-a.ts'
import { stageB } from '../../core/profile/alike/stage-b.ts'
import {
  NO_DAYS,
  NO_INBOUND,
  NO_OUT,
  View,
  type ViewEdge,
  type ViewNode,
} from '../../core/profile/view/view.ts'
import { KINDS } from '../policy-tables.ts'
import { addCrowds, type SightingArrays } from './crowds.ts'

/** A member as the tables have it. Times are ms. */
export interface MemberRow {
  readonly node: number
  readonly key: Key
  readonly type: string
  readonly namespace: string
  readonly value: string
  readonly first_seen: number
  readonly last_seen: number
  readonly received_at: number
  readonly sites: readonly string[]
}

export interface EdgeRow {
  readonly from_node: number
  readonly to_node: number
  readonly kind: number
  readonly first_seen: number
  readonly last_seen: number
  readonly count: number
  readonly sites: readonly string[]
}

/** from, to, kind, day, hours: a typed array each, in the order of their edges. */
type DayArrays = readonly Int32Array[]

export interface ContestedInput {
  readonly members: readonly MemberRow[]
  /** In the order of their two ends and kind. */
  readonly edges: readonly EdgeRow[]
  readonly days: DayArrays
  /** Only where witnesses may join somebody. */
  readonly sightings: SightingArrays | null
  readonly verdicts: readonly VerdictRecord[]
  readonly quarantined: ReadonlySet<Key>
  /** Cookie -> whom it looks like by a model, and the evidence; null where no model joins. */
  readonly weighed: ReadonlyMap<Key, ReadonlyMap<Key, number>> | null
}

/** What is held to be one: a group of stage A, or several that stage B has joined. */
export type ContestedGroup = Pick<Group, 'nodes' | 'weakest' | 'tree'>

export interface ContestedGroups {
  readonly pass: Pass
  readonly groups: readonly ContestedGroup[]
  readonly refusals: readonly Refusal[]
}

/** The policy without the bounds that only the live path needs. */
function unbounded(policy: Policy): Policy {
  return { ...policy, neighbourhoodIdentifiersMax: Number.POSITIVE_INFINITY }
}

export function decideContested(input: ContestedInput, policy: Policy): ContestedGroups {
  const view = viewOf(input, policy)
  const pass = newPass(view, unbounded(policy), input.weighed)
  const members = [...view.nodes()].filter(({ component }) => component !== '')
  const { components } = componentsOf(
    pass,
    members.map(({ key }) => key),
  )
  const groups: Group[] = []
  const refusals: Refusal[] = []
  for (const component of components) {
    const answer = stageA(pass, component)
    groups.push(...answer.groups)
    refusals.push(...answer.refusals)
  }
  const joins = input.sightings !== null || input.weighed !== null
  const joined = joins ? joinAlike(pass, groups) : groups
  if (pass.missing.size > 0)
    throw new Error(`contested members without what lies around them: ${[...pass.missing][0]}`)
  return { pass, groups: joined, refusals }
}

function joinAlike(pass: Pass, groups: readonly Group[]): ContestedGroup[] {
  const { clusters, asks } = stageB(pass, groups)
  if (asks.length > 0) throw new Error(`a crowd that is not known: ${asks[0]?.identifier}`)
  return clusters.map((cluster) => {
    const { nodes, weakest } = profileOfCluster(cluster)
    return { nodes: [...nodes], weakest, tree: cluster.groups.flatMap(({ tree }) => tree) }
  })
}

/** Whether the only member of a group is alone because several people use it. */
export function isAloneAsShared(pass: Pass, { nodes }: ContestedGroup): boolean {
  const only = nodes[0]
  return nodes.length === 1 && only !== undefined && isShared(pass, only)
}

function viewOf(input: ContestedInput, policy: Policy): View {
  const { members, edges, days, sightings, verdicts, quarantined } = input
  const view = new View()
  const byNode = new Map<number, ViewNode>()
  for (const row of members) {
    const isMember = policy.types.get(row.type)?.role === 'member'
    const node = nodeOf(row, isMember, quarantined.has(row.key))
    byNode.set(row.node, node)
    view.add(node)
    if (isMember) view.components.set(node.key, new Set([node.key]))
  }
  const made = edges.map((row) => {
    const [from, to] = [byNode.get(row.from_node), byNode.get(row.to_node)]
    const kind = KINDS[row.kind]
    if (from === undefined || to === undefined || kind === undefined)
      throw new Error(
        `an edge of contested members leads out of them: ${row.from_node}, ${row.to_node}`,
      )
    const edge: ViewEdge = {
      from: from.key,
      to: to.key,
      kind,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      count: row.count,
      sites: row.sites,
      firstEvent: '',
      lastEvent: '',
      days: new Map(),
      unstoredDays: NO_DAYS,
    }
    view.addEdge(from, edge)
    return edge
  })
  addDays(made, edges, days)
  if (sightings !== null) addCrowds(view, sightings, (node) => byNode.get(node)?.key ?? '')
  for (const verdict of verdicts) view.addVerdict(verdict)
  for (const verdict of verdicts)
    for (const key of [...verdict.a, ...verdict.b])
      if (view.node(key) === undefined) view.absent.add(key)
  return view
}

/** Both stand in the order of their edges, so one look at each is enough. */
function addDays(
  made: readonly ViewEdge[],
  rows: readonly EdgeRow[],
  [froms, tos, kinds, days, hours]: DayArrays,
): void {
  let at = 0
  froms?.forEach((from, i) => {
    const isOf = ({ from_node: a, to_node: b, kind }: EdgeRow): boolean =>
      a === from && b === tos?.[i] && kind === kinds?.[i]
    for (let row = rows[at]; row !== undefined && !isOf(row); row = rows[at]) at++
    made[at]?.days.set(days?.[i] ?? 0, hours?.[i] ?? 0)
  })
}

function nodeOf(row: MemberRow, isMember: boolean, quarantined: boolean): ViewNode {
  return {
    key: row.key,
    type: row.type,
    namespace: row.namespace,
    value: row.value,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    receivedAt: row.received_at,
    sites: row.sites,
    profile: '',
    component: isMember ? row.key : '',
    anchor: row.key,
    quarantined,
    clues: NO_CLUES,
    version: 0,
    complete: true,
    over: false,
    out: NO_OUT,
    inbound: NO_INBOUND,
  }
}
