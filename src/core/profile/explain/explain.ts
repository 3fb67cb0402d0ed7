// Why two members are one profile, or are not: the path, its weakest link, each edge's worth, the guard or the signals.
// Invariant: decides with the same code as the live path, so it cannot explain what was not decided.

import { identifierText } from '../../identifier/identifier-text.ts'
import type { Key } from '../../identifier/identifier.ts'
import { confidenceOf } from '../../policy/evidence-unit.ts'
import type { Policy } from '../../policy/policy.ts'
import { evidenceOfPair, type Looking } from '../alike/alike-pairs.ts'
import { type Component, componentsOf } from '../component.ts'
import {
  type ExplainedModel,
  joinsBetween,
  modelApart,
  modelTogether,
  type Step,
} from './explain-alike.ts'
import {
  alikeEdge,
  describeBetween,
  type ExplainedEdge,
  explainEdge,
  weakestOf,
} from './explained-edge.ts'
import { type ExplainedSignal, explainedSignal, weighByRules } from './explained-signal.ts'
import { completeNode, newPass, type Pass } from '../view/neighbours.ts'
import type { Needs } from '../settle.ts'
import { type Group, type Refusal, stageA } from '../stage-a.ts'
import type { CrowdAsk, View, ViewNode } from '../view/view.ts'
import { cutWay, pathIn } from './way.ts'

export interface Explanation {
  readonly together: boolean
  /** The two ends, as `TYPE:VALUE`; so are those of the edges. */
  readonly a: string
  readonly b: string
  /** The path between them, strongest possible; where they are apart, the path that was cut or refused. */
  readonly path: readonly ExplainedEdge[]
  /** Index into `path`; null for an empty path. */
  readonly weakest: number | null
  /** Which guard refused, in words; null when none did. */
  readonly refusal: { readonly guard: string; readonly reason: string } | null
  /** What shared witnesses say of the two sides that no edge holds together; of a model's joins the weakest one's. */
  readonly signals: readonly ExplainedSignal[]
  readonly score: number
  readonly threshold: number
  /** What the learned model says; null where edges hold them together, or the fixed rules hold. */
  readonly model: ExplainedModel | null
  readonly questionFrom: number
  readonly policy: string
}

/** Explains two members; both must be in the view with all around them. */
export function explain(
  view: View,
  policy: Policy,
  a: Key,
  b: Key,
): Explanation | { readonly needs: Needs } {
  const pass = newPass(view, policy)
  const asks: CrowdAsk[] = []
  const from = completeNode(pass, a)
  const to = completeNode(pass, b)
  const { components } = componentsOf(pass, [a, b])
  const explained =
    from === undefined || to === undefined ? null : compare(pass, components, from, to, asks)
  if (pass.missing.size > 0 || asks.length > 0 || explained === null) {
    return { needs: { nodes: [...pass.missing], crowds: asks, profiles: [] } }
  }
  return explained
}

/** What stage A has made of one component. */
interface DecidedComponent {
  readonly component: Component
  readonly groups: readonly Group[]
  readonly refusals: readonly Refusal[]
}

interface Held {
  readonly component: Component
  readonly group: Group
}

/** The two ends, and what stage A has decided around them. */
interface Ends {
  readonly a: ViewNode
  readonly b: ViewNode
  readonly decided: readonly DecidedComponent[]
  readonly asks: CrowdAsk[]
}

function holderOf({ decided }: Ends, node: ViewNode): Held | undefined {
  for (const { component, groups } of decided) {
    const group = groups.find((g) => g.nodes.includes(node))
    if (group !== undefined) return { component, group }
  }
  return undefined
}

function compare(
  pass: Pass,
  components: readonly Component[],
  a: ViewNode,
  b: ViewNode,
  asks: CrowdAsk[],
): Explanation {
  const decided = components.map((component) => ({ component, ...stageA(pass, component) }))
  const ends: Ends = { a, b, decided, asks }
  const [sideA, sideB] = [holderOf(ends, a), holderOf(ends, b)]
  const inOneGroup = sideA !== undefined && sideA.group === sideB?.group
  const common = {
    together: a.profile === b.profile,
    a: identifierText(a),
    b: identifierText(b),
    threshold: confidenceOf(pass.policy.mergeEvidence),
    questionFrom: confidenceOf(pass.policy.questionEvidence),
    policy: pass.policy.version,
  }
  if (inOneGroup) {
    const path = treePath(pass, sideA, a, b)
    const nothing = { refusal: null, signals: [], score: 0, model: null }
    return { ...common, path, weakest: weakestOf(path), ...nothing }
  }
  return { ...common, ...compareGroups(pass, ends, sideA, sideB) }
}

type Compared = Pick<
  Explanation,
  'path' | 'weakest' | 'refusal' | 'signals' | 'score' | 'model'
> & { readonly threshold?: number }

/** Two that stage A has left in two groups. */
function compareGroups(
  pass: Pass,
  ends: Ends,
  sideA: Held | undefined,
  sideB: Held | undefined,
): Compared {
  const { a, b, decided, asks } = ends
  const together = a.profile === b.profile
  const learned = pass.policy.knowledge === null ? null : compareByModel(pass, ends, sideA, sideB)
  const joined = learned?.path ?? []
  const way = joined.length > 0 ? [] : cutWay(pass, a, b)
  const path = joined.length > 0 ? joined : way.map(([x, y]) => describeBetween(pass, x.key, y.key))
  const onTheWay = way.map(([x, y]): Pair => [holderOf(ends, x)?.group, holderOf(ends, y)?.group])
  const refused = refusalOn(
    decided.flatMap((d) => d.refusals),
    [[sideA?.group, sideB?.group], ...onTheWay],
  )
  return {
    path,
    weakest: weakestOf(path),
    refusal: together ? null : (refused ?? learned?.refusal ?? null),
    ...(learned === null
      ? { ...weighByRules(pass, sideA?.group, sideB?.group, asks), model: null }
      : { ...worthOf(learned.model), model: learned.model }),
  }
}

interface ByModel {
  readonly model: ExplainedModel
  readonly path: readonly ExplainedEdge[]
  readonly refusal: Explanation['refusal']
}

function compareByModel(
  pass: Pass,
  ends: Ends,
  sideA: Held | undefined,
  sideB: Held | undefined,
): ByModel | null {
  const { knowledge } = pass.policy
  const { a, b, decided, asks } = ends
  if (knowledge === null) return null
  const looking: Looking = { pass, knowledge, asks }
  const groupsOf = ({ profile }: ViewNode): readonly Group[] =>
    decided.flatMap(({ groups }) => groups.filter(({ nodes }) => nodes[0]?.profile === profile))
  if (a.profile !== b.profile) return { ...modelApart(looking, groupsOf(a), groupsOf(b)), path: [] }
  const steps =
    sideA === undefined || sideB === undefined
      ? []
      : joinsBetween(looking, groupsOf(a), sideA.group, sideB.group)
  const path = steps.length === 0 ? [] : pathOver(pass, ends, steps)
  return { model: modelTogether(looking, steps), path, refusal: null }
}

/** From one end over all joins to the other, with the edges within each group. */
function pathOver(pass: Pass, ends: Ends, steps: readonly Step[]): readonly ExplainedEdge[] {
  const path: ExplainedEdge[] = []
  let at = ends.a
  for (const step of steps) {
    const { a, b } = step
    const scoredBy = pass.policy.knowledge?.version ?? ''
    path.push(...treePath(pass, holderOf(ends, at), at, a))
    path.push(alikeEdge({ scoredBy, evidence: evidenceOfPair(step) }, a, b))
    at = b
  }
  return [...path, ...treePath(pass, holderOf(ends, at), at, ends.b)]
}

/** The edges between two members of one group; none where a steward's word holds it. */
function treePath(
  pass: Pass,
  held: Held | undefined,
  from: ViewNode,
  to: ViewNode,
): readonly ExplainedEdge[] {
  if (held === undefined) return []
  return pathIn(held.group.tree, from.key, to.key).map((edge) =>
    explainEdge(pass, held.component, held.group, edge),
  )
}

/** Of the pairs of a model the weakest one: what it read, what that is worth, and what it takes. */
function worthOf({ pairs }: ExplainedModel): Pick<Compared, 'signals' | 'score' | 'threshold'> {
  const [weakest] = pairs.toSorted((x, y) => x.sum - y.sum)
  if (weakest === undefined) return { signals: [], score: 0 }
  const signals = weakest.signals.map(explainedSignal)
  return { signals, score: weakest.probability, threshold: weakest.threshold }
}

type Pair = readonly [Group | undefined, Group | undefined]

/** The refusal between the two sides, else the first between neighbours on the way; of others it says nothing. */
function refusalOn(refusals: readonly Refusal[], pairs: readonly Pair[]): Explanation['refusal'] {
  for (const [a, b] of pairs) {
    if (a === b) continue
    const found = refusals.find(
      (r) => (holds(a, r.a) && holds(b, r.b)) || (holds(a, r.b) && holds(b, r.a)),
    )
    if (found !== undefined) return { guard: found.guard, reason: found.reason }
  }
  return null
}

function holds(group: Group | undefined, key: Key): boolean {
  return group?.nodes.some((node) => node.key === key) === true
}
