// Questions about profiles that are merely alike: a batch run asks them, since the live path weighs no such pair, or keeps
// nothing of what does not join.
// Invariant: what a guard or a verdict answers is not asked, and asking the same twice leaves no trace.

import type { Key } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'
import { isOut } from './alike/candidates.ts'
import { componentOf } from './component.ts'
import type { Ids } from './decision.ts'
import { guardAgainst, type Side, uniteSides } from './guards.ts'
import { completeNode, newPass, type Pass } from './view/neighbours.ts'
import { founderOf } from './profile-id.ts'
import { dropQuestion, isOfARun, isOutdated, putQuestion } from './questions.ts'
import type { QuestionRecord } from './view/records.ts'
import type { Needs } from './settle.ts'
import { type Group, stageA } from './stage-a.ts'
import type { View, ViewNode } from './view/view.ts'

/** Two cookies for whose sake their profiles may be one person. */
export interface AlikePair {
  readonly a: Key
  readonly b: Key
  readonly evidence: number
  /** What they have in common, in words with the numbers. */
  readonly reason: string
  readonly scoredBy: QuestionRecord['scoredBy']
  readonly worth: number
}

/**
 * Asks about the pairs' profiles as they are now, the pairs loaded with all around them; none where they are one by now,
 * where a guard or a verdict answers, or where the live path asks already. Ids of the questions that stand for the pairs.
 */
export function ask(
  view: View,
  policy: Policy,
  pairs: readonly AlikePair[],
  ids: Ids,
): readonly string[] | { readonly needs: Needs } {
  const pass = newPass(view, policy)
  const questions = new Map<string, QuestionRecord>()
  for (const pair of pairs) {
    const question = questionOf(pass, pair, ids)
    if (question !== null && (questions.get(question.id)?.evidence ?? -1) < question.evidence)
      questions.set(question.id, question)
  }
  if (pass.missing.size > 0)
    return { needs: { nodes: [...pass.missing], crowds: [], profiles: [] } }
  for (const question of questions.values()) {
    const known = view.questions.get(question.id)
    if (known === undefined || isTheRuns(known, policy)) putQuestion(view, question)
  }
  return [...questions.keys()]
}

/** Takes questions back that no run asks any more, unless the live path has come to ask them for a reason of its own. */
export function takeBack(view: View, policy: Policy, questions: readonly QuestionRecord[]): void {
  for (const { id } of questions) {
    const known = view.questions.get(id)
    if (known !== undefined && isTheRuns(known, policy)) dropQuestion(view, id)
  }
}

/** Whether a run decides what becomes of it. */
function isTheRuns(question: QuestionRecord, { knowledge }: Policy): boolean {
  return isOfARun(question) || isOutdated(question, knowledge?.version ?? null)
}

function questionOf(pass: Pass, pair: AlikePair, ids: Ids): QuestionRecord | null {
  const [x, y] = [partyOf(pass, pair.a), partyOf(pass, pair.b)]
  if (x === null || y === null) return null
  if (x.nodes[0]?.profile === y.nodes[0]?.profile) return null
  if (guardAgainst(pass, x.side, y.side, {}) !== null || isAnswered(pass, x, y)) return null
  const [a = '', b = ''] = [founderOf(x.nodes).key, founderOf(y.nodes).key].toSorted()
  const { evidence, reason, scoredBy, worth } = pair
  return { id: ids.question(a, b), a, b, guard: 'threshold', reason, evidence, scoredBy, worth }
}

/** One profile as a question is about it. */
interface Party {
  readonly nodes: readonly ViewNode[]
  readonly side: Side
}

/** The cookie's profile: all its groups, if witnesses joined several; null where it is gone, joins nobody, or waits. */
function partyOf(pass: Pass, key: Key): Party | null {
  const { view } = pass
  const node = completeNode(pass, key)
  if (node === undefined || node.over || view.waiting.has(node.component)) return null
  if (isOut(pass, node)) return null
  const groups: Group[] = []
  const placed = new Set<ViewNode>()
  for (const mate of [key, ...(view.components.get(node.component) ?? [])]) {
    const one = completeNode(pass, mate)
    if (one === undefined || one.profile !== node.profile || placed.has(one)) continue
    const component = componentOf(pass, one)
    if (component === null) return null
    const group = stageA(pass, component).groups.find(({ nodes }) => nodes.includes(one))
    if (group === undefined) continue
    groups.push(group)
    for (const member of group.nodes) placed.add(member)
  }
  const [first, ...others] = groups
  if (first === undefined || !first.nodes.includes(node)) return null
  return {
    nodes: groups.flatMap(({ nodes }) => nodes),
    side: others.reduce((side, group) => uniteSides(side, group.side), first.side),
  }
}

/** A steward has said that the two are the same, though something keeps them apart. */
function isAnswered({ view }: Pass, x: Party, y: Party): boolean {
  const there = new Set(y.nodes.map(({ key }) => key))
  return x.nodes.some(({ key }) =>
    [...view.verdictsOf(key)].some((id) => {
      const verdict = view.verdicts.get(id)
      if (verdict?.verdict !== 'same') return false
      return (verdict.a.includes(key) ? verdict.b : verdict.a).some((other) => there.has(other))
    }),
  )
}
