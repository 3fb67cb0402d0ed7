// Questions about groups that are merely alike: a batch run asks them, since the live path weighs no such pair.
// Invariant: what a guard or a verdict answers is not asked, and asking the same twice leaves no trace.

import type { Key } from '../identifier/identifier.ts'
import type { Policy } from '../policy/policy.ts'
import { isOut } from './candidates.ts'
import { componentOf } from './component.ts'
import type { Ids } from './decision.ts'
import { guardAgainst } from './guards.ts'
import { completeNode, newPass, type Pass } from './neighbours.ts'
import { founderOf } from './profile-id.ts'
import { dropQuestion, isOfARun, putQuestion } from './questions.ts'
import type { QuestionRecord } from './records.ts'
import type { Needs } from './settle.ts'
import { type Group, stageA } from './stage-a.ts'
import type { View } from './view.ts'

/** Two cookies for whose sake their groups may be one person. */
export interface AlikePair {
  readonly a: Key
  readonly b: Key
  readonly evidence: number
  /** What they have in common, in words with the numbers. */
  readonly reason: string
}

/**
 * Asks about the pairs' groups as they are now, the pairs loaded with all around them; none where they are one by now,
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
    if (known === undefined || isOfARun(known)) putQuestion(view, question)
  }
  return [...questions.keys()]
}

/** Takes questions back that no run asks any more, unless the live path has come to ask them for a reason of its own. */
export function takeBack(view: View, questions: readonly QuestionRecord[]): void {
  for (const { id } of questions) {
    const known = view.questions.get(id)
    if (known !== undefined && isOfARun(known)) dropQuestion(view, id)
  }
}

function questionOf(pass: Pass, pair: AlikePair, ids: Ids): QuestionRecord | null {
  const [x, y] = [groupOf(pass, pair.a), groupOf(pass, pair.b)]
  if (x === null || y === null) return null
  if (x.nodes[0]?.profile === y.nodes[0]?.profile) return null
  if (guardAgainst(pass, x.side, y.side, {}) !== null || isAnswered(pass, x, y)) return null
  const [a = '', b = ''] = [founderOf(x.nodes).key, founderOf(y.nodes).key].toSorted()
  const { evidence, reason } = pair
  return { id: ids.question(a, b), a, b, guard: 'threshold', reason, evidence }
}

/** The cookie's group; null where it is gone, joins nobody, or its decision waits. */
function groupOf(pass: Pass, key: Key): Group | null {
  const node = completeNode(pass, key)
  if (node === undefined || node.over || pass.view.waiting.has(node.component)) return null
  if (isOut(pass, node)) return null
  const component = componentOf(pass, node)
  if (component === null) return null
  return stageA(pass, component).groups.find(({ nodes }) => nodes.includes(node)) ?? null
}

/** A steward has said that the two are the same, though something keeps them apart. */
function isAnswered({ view }: Pass, x: Group, y: Group): boolean {
  const there = new Set(y.nodes.map(({ key }) => key))
  return x.nodes.some(({ key }) =>
    [...view.verdictsOf(key)].some((id) => {
      const verdict = view.verdicts.get(id)
      if (verdict?.verdict !== 'same') return false
      return (verdict.a.includes(key) ? verdict.b : verdict.a).some((other) => there.has(other))
    }),
  )
}
