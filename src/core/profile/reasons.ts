// Reasons in words for joins and partings, with the edge and its number.

import { evidenceOfScore } from '../evidence/learned/model.ts'
import { confidenceOf, percentText } from '../policy/evidence-unit.ts'
import type { Policy } from '../policy/policy.ts'
import type { Join } from './alike/around.ts'
import type { ComponentEdge } from './component.ts'
import { type Cut, effectiveBetween } from './effective.ts'
import { memberNeighbours, type Pass } from './view/neighbours.ts'
import type { DecidedProfile } from './decision.ts'
import { isShared, whyShared } from './shared/shared.ts'
import type { ViewNode } from './view/view.ts'

const VALUE_CHARACTERS = 12

/** What holds groups together that stage B has joined, and how sure it was; the model is named by the knowledge's version. */
export function alikeText({ knowledge }: Pick<Policy, 'knowledge'>, evidence: number): string {
  return knowledge === null
    ? "alike by shared witnesses, each the other's best"
    : `alike: ${percentText(evidence)} by model ${knowledge.version}`
}

/** `cookie c-phone` or `email 9f86d081884c…`: enough to recognise, short enough for a line. */
export function nameOf(node: ViewNode): string {
  const value =
    node.namespace === '' || node.type !== 'external_id'
      ? node.value
      : `${node.namespace}:${node.value}`
  return `${node.type} ${value.length > VALUE_CHARACTERS * 2 ? `${value.slice(0, VALUE_CHARACTERS)}…` : value}`
}

export function edgeText(pass: Pass, { a, b, effective }: ComponentEdge): string {
  const [from, to] = effective.edge.from === a ? [a, b] : [b, a]
  const names = [from, to].map((key) => {
    const node = pass.view.node(key)
    return node === undefined ? key : nameOf(node)
  })
  return `${effective.kind} ${confidenceOf(effective.evidence).toFixed(2)} between ${names.join(' and ')}`
}

/** The strongest accepted edge that crosses from one old profile to another, or to a new member. */
export function reasonToJoin(pass: Pass, decided: DecidedProfile): string {
  for (const group of decided.groups) {
    for (const edge of group.tree) {
      if (pass.view.node(edge.a)?.profile !== pass.view.node(edge.b)?.profile)
        return edgeText(pass, edge)
    }
  }
  const [join] = decided.joins.filter(crosses).toSorted((x, y) => y.evidence - x.evidence)
  const [weakest] = decided.joins.toSorted((x, y) => x.evidence - y.evidence)
  const held = join ?? weakest
  return held === undefined
    ? 'the same members, held differently'
    : alikeText(pass.policy, held.evidence)
}

/** Whether a join is of what was apart before, new members included. */
function crosses({ a, b }: Join): boolean {
  const [ofA, ofB] = [profilesOf(a), profilesOf(b)]
  return ofA.size !== 1 || ofB.size !== 1 || [...ofA][0] !== [...ofB][0]
}

function profilesOf(groups: Join['a']): ReadonlySet<string> {
  return new Set(groups.flatMap(({ nodes }) => nodes.map(({ profile }) => profile)))
}

/** What was between these members and those they were with before. */
export function reasonToPart(pass: Pass, decided: DecidedProfile): string {
  const own = new Set(decided.nodes)
  for (const node of decided.nodes) {
    for (const key of memberNeighbours(node)) {
      const other = pass.view.node(key)
      if (other === undefined || own.has(other) || other.profile !== node.profile) continue
      const effective = effectiveBetween(pass, node, other)
      if (effective === null) continue
      return `${effective.kind} between ${nameOf(node)} and ${nameOf(other)}: ${cutText(pass, effective.cut, node, other)}`
    }
  }
  return noLongerText(pass.policy)
}

/** Of members between whom there is no edge: they were alike, or said to be the same. */
export function noLongerText({ knowledge }: Policy): string {
  const lost = 'what joined them no longer holds'
  if (knowledge === null) return lost
  const from = percentText(evidenceOfScore(knowledge.model.joinFrom))
  return `${lost}: model ${knowledge.version} joins from ${from} on`
}

export function cutText(pass: Pass, cut: Cut, a: ViewNode, b: ViewNode): string {
  switch (cut) {
    case 'shared':
      return sharedText(pass, a, b)
    case 'crowded':
      return 'more cookies that day than one person has'
    case 'quarantined':
      return 'quarantined by a steward'
    case 'too_large':
      return 'too many identifiers around it to decide at once'
    case 'weak':
      return 'too weak to join'
    case null:
      return 'refused by a guard'
    default:
      return cut satisfies never
  }
}

function sharedText(pass: Pass, a: ViewNode, b: ViewNode): string {
  const shared = [a, b].filter((node) => isShared(pass, node))
  const told = shared.find(({ type }) => type === 'cookie') ?? shared[0]
  return told === undefined
    ? 'shared by several people'
    : `the ${told.type} is shared: ${whyShared(pass, told) ?? ''}`
}
