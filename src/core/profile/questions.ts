// Open questions in the view. Those that a batch run asked stay where the live path decides a side of them again: until a
// run no longer asks them, the sides are one, one of them is shared, or a decree concerns them. Invariant: what did not change is not written.

import type { Key } from '../identifier/identifier.ts'
import type { Pass } from './view/neighbours.ts'
import type { QuestionRecord } from './view/records.ts'
import { isShared } from './shared/shared.ts'
import type { View, ViewNode } from './view/view.ts'

/** Whether a run asked it. */
export function isOfARun({ guard }: QuestionRecord): boolean {
  return guard === 'threshold'
}

/**
 * Whether the live path asked it by what it knew before: it asks again only where it decides again, so what becomes of the
 * question is up to the run that brought the new knowledge. `version`: of the knowledge in use; null without one.
 */
export function isOutdated({ guard, scoredBy }: QuestionRecord, version: string | null): boolean {
  return guard === 'margin' && scoredBy !== version
}

/** Notes a question, if it is not there as it is. */
export function putQuestion(view: View, question: QuestionRecord): void {
  const known = view.questions.get(question.id)
  if (
    known?.guard === question.guard &&
    known.reason === question.reason &&
    known.evidence === question.evidence &&
    known.scoredBy === question.scoredBy &&
    known.worth === question.worth
  )
    return
  view.addQuestion(question)
  view.unstoredQuestions.add(question.id)
  view.questionsRemoved.delete(question.id)
}

export function dropQuestion(view: View, id: string): void {
  view.removeQuestion(id)
  view.unstoredQuestions.delete(id)
  view.questionsRemoved.add(id)
}

/** A member goes out of its profile: what a run asked about that may have rested on it. */
export function dropAskedAbout(view: View, { component, profile, key }: ViewNode): void {
  for (const mate of view.components.get(component) ?? [key])
    if (view.node(mate)?.profile === profile)
      for (const id of askedAbout(view, mate)) dropQuestion(view, id)
}

/** A steward has answered: what a run asked about profiles of the one side and of the other. */
export function dropAskedBetween(view: View, a: readonly Key[], b: readonly Key[]): void {
  const [these, those] = [profilesOf(view, a), profilesOf(view, b)]
  for (const key of a) {
    for (const mate of view.components.get(view.node(key)?.component ?? '') ?? [key]) {
      for (const id of askedAbout(view, mate)) {
        const [x, y] = sidesOf(view, id)
        if ((these.has(x) && those.has(y)) || (these.has(y) && those.has(x))) dropQuestion(view, id)
      }
    }
  }
}

/** Questions about a member that are over unless the decision about it asks them again. */
export function questionsInDoubt(pass: Pass, node: ViewNode): string[] {
  const { view } = pass
  return [...view.questionsOf(node.key)].filter((id) => {
    const question = view.questions.get(id)
    if (question === undefined || !isOfARun(question)) return true
    const [x, y] = sidesOf(view, id)
    return x === y || isShared(pass, node)
  })
}

function askedAbout(view: View, key: Key): string[] {
  return [...view.questionsOf(key)].filter((id) => {
    const question = view.questions.get(id)
    return question !== undefined && isOfARun(question)
  })
}

/** The profiles of both sides; '' for one that is not loaded, and therefore has not been decided again. */
function sidesOf(view: View, id: string): readonly [string, string] {
  const question = view.questions.get(id)
  const profile = (key: Key | undefined): string => view.node(key ?? '')?.profile ?? ''
  return [profile(question?.a), profile(question?.b)]
}

function profilesOf(view: View, keys: readonly Key[]): ReadonlySet<string> {
  return new Set(keys.map((key) => view.node(key)?.profile ?? '').filter((id) => id !== ''))
}
